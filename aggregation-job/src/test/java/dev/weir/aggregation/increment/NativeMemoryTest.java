package dev.weir.aggregation.increment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.series.BucketCounts;
import dev.weir.series.FloatHistogram;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class NativeMemoryTest {
    private static final long SERIES = 42;

    private final NativeMemory memory = new NativeMemory();

    @Test
    void gainIsTheDifferenceBucketByBucket() {
        memory.start(SERIES, of(0, 2, 3), 1);
        FloatHistogram gained = memory.gained(SERIES, of(0, 5, 3, 1), 4, 2);
        assertNotNull(gained);
        assertEquals(BucketCounts.adjacent(0, 3, 0, 1), gained.positive());
        assertEquals(4, gained.count());
        assertEquals(FloatHistogram.ResetHint.UNKNOWN, gained.resetHint());
    }

    @Test
    void histogramThatBeganAnewGainedAllThatItHas() {
        memory.start(SERIES, of(0, 2, 3), 1);
        assertEquals(of(0, 1, 1), memory.gained(SERIES, of(0, 1, 1), 2, 2));
        assertEquals(of(0, 7), memory.gained(43, of(0, 7), 7, 2), "never seen, but proven to be new");
    }

    @Test
    void coarserResolutionOfTheSameProcessIsComparedAtThat() {
        memory.start(SERIES, of(1, 2, 3), 1); // (0.71, 1] and (1, 1.41] of schema 1
        FloatHistogram coarse = FloatHistogram.builder()
                .schema(0)
                .count(9)
                .positive(BucketCounts.adjacent(0, 3, 6))
                .build();
        FloatHistogram gained = memory.gained(SERIES, coarse, 4, 2);
        assertNotNull(gained);
        assertEquals(0, gained.schema());
        assertEquals(BucketCounts.adjacent(0, 1, 3), gained.positive());
    }

    @Test
    void bucketsThatFellWhileTheCountRoseTellNothing() {
        memory.start(SERIES, of(0, 5, 0), 1);
        assertNull(memory.gained(SERIES, of(0, 1, 6), 2, 2));
        FloatHistogram next = memory.gained(SERIES, of(0, 1, 8), 2, 3);
        assertNotNull(next, "but the next gain is counted from there");
        assertEquals(BucketCounts.adjacent(0, 0, 2), next.positive());
    }

    @Test
    void histogramThatWasNotNativeBeforeTellsNothing() {
        assertNull(memory.gained(SERIES, of(0, 5), 2, 1));
        assertNotNull(memory.gained(SERIES, of(0, 6), 1, 2));
    }

    @Test
    void forgetsWhatIsGoneForTheExpiryAndKeepsWhatIsThere() {
        memory.start(SERIES, of(0, 1), 0);
        memory.start(43, of(0, 1), 0);
        memory.keep(43, 50);
        memory.expire(101, 100);
        assertNull(memory.gained(SERIES, of(0, 3), 2, 101));
        assertNotNull(memory.gained(43, of(0, 3), 2, 101));
    }

    @Test
    void storedMemoryGoesOnAsItWas() throws IOException {
        memory.start(SERIES, of(0, 2, 3), 1);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        memory.write(new DataOutputStream(bytes));
        NativeMemory restored = NativeMemory.read(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));
        NativeMemory copy = memory.copy();
        assertEquals(memory.gained(SERIES, of(0, 4, 4), 3, 2), restored.gained(SERIES, of(0, 4, 4), 3, 2));
        assertNotNull(copy.gained(SERIES, of(0, 3, 3), 1, 2));
        assertTrue(new NativeMemory().isEmpty());
    }

    private static FloatHistogram of(int schema, double... counts) {
        BucketCounts buckets = BucketCounts.adjacent(0, counts);
        return FloatHistogram.builder()
                .schema(schema)
                .count(buckets.total())
                .sum(buckets.total())
                .positive(buckets)
                .build();
    }
}
