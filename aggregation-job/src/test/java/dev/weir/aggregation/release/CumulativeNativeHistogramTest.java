package dev.weir.aggregation.release;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.series.BucketCounts;
import dev.weir.series.FloatHistogram;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CumulativeNativeHistogramTest {
    private static final double[] AT_ONCE = {1};

    @Test
    void releasesEachBucketEvenlyAndInWholeNumbers() {
        CumulativeNativeHistogram histogram = new CumulativeNativeHistogram();
        histogram.add(of(3, 10, BucketCounts.adjacent(4, 7, 3)), new double[] {1 / 3.0, 2 / 3.0, 1});
        histogram.closeWindow();
        assertEquals(BucketCounts.adjacent(4, 2, 1), histogram.total().positive());
        assertEquals(3, histogram.total().count());
        histogram.closeWindow();
        assertEquals(BucketCounts.adjacent(4, 5, 2), histogram.total().positive());
        histogram.closeWindow();
        assertEquals(BucketCounts.adjacent(4, 7, 3), histogram.total().positive());
        assertEquals(10, histogram.total().count());
        assertEquals(10, histogram.total().sum(), 1e-12);
        assertFalse(histogram.hasPending());
    }

    @Test
    void mergesUnequalResolutionsAtTheCoarserOneAndStaysThere() {
        CumulativeNativeHistogram histogram = new CumulativeNativeHistogram();
        // Schema 1 has bucket 3 of (2, 2.83] and 4 of (2.83, 4]; schema 0 has 2 of (2, 4].
        histogram.add(of(1, 5, BucketCounts.adjacent(3, 2, 3)), AT_ONCE);
        histogram.closeWindow();
        histogram.add(of(0, 1, BucketCounts.adjacent(2, 1)), AT_ONCE);
        histogram.closeWindow();
        assertEquals(0, histogram.total().schema());
        assertEquals(BucketCounts.adjacent(2, 6), histogram.total().positive());
        histogram.add(of(1, 4, BucketCounts.adjacent(3, 4)), AT_ONCE);
        histogram.closeWindow();
        assertEquals(0, histogram.total().schema());
        assertEquals(BucketCounts.adjacent(2, 10), histogram.total().positive());
    }

    @Test
    void widensTheZeroBucketToTheWidest() {
        CumulativeNativeHistogram histogram = new CumulativeNativeHistogram();
        // Bucket 0 of schema 0 is (0.5, 1], 1 is (1, 2].
        histogram.add(of(0, 5, BucketCounts.adjacent(0, 2, 3)), AT_ONCE);
        FloatHistogram wide =
                FloatHistogram.builder().count(4).sum(1).zero(1, 4).build();
        histogram.add(wide, AT_ONCE);
        histogram.closeWindow();
        assertEquals(1, histogram.total().zeroThreshold());
        assertEquals(6, histogram.total().zeroCount());
        assertEquals(BucketCounts.adjacent(1, 3), histogram.total().positive());
    }

    @Test
    void readersNeverSeeAReset() {
        Random random = new Random(1);
        CumulativeNativeHistogram histogram = new CumulativeNativeHistogram();
        FloatHistogram before = histogram.total();
        for (int i = 0; i < 200; i++) {
            histogram.add(random(random, random.nextInt(6)), new double[] {0.25, 0.5, 1});
            FloatHistogram promised = histogram.total();
            assertFalse(promised.isResetAfter(before), "after an addition");
            histogram.closeWindow();
            assertFalse(histogram.total().isResetAfter(promised), "after a window");
            before = histogram.total();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void whatWasAddedIsThereToTheUnitAfterTheLastWindow(long seed) {
        Random random = new Random(seed);
        CumulativeNativeHistogram histogram = new CumulativeNativeHistogram();
        TreeMap<Integer, Double> expected = new TreeMap<>();
        double count = 0;
        double sum = 0;
        for (int i = 0; i < 100; i++) {
            int schema = 2 + random.nextInt(3);
            FloatHistogram gained = random(random, schema);
            for (int k = 0; k < gained.positive().size(); k++) {
                // At schema 2, the coarsest that comes.
                int coarse = (int) Math.ceil(gained.positive().index(k) / (double) (1 << (schema - 2)));
                expected.merge(coarse, gained.positive().count(k), Double::sum);
            }
            count += gained.count();
            sum += gained.sum();
            double first = random.nextDouble();
            histogram.add(gained, new double[] {0, first, first + (1 - first) / 2, 1});
            histogram.closeWindow();
        }
        while (histogram.hasPending()) {
            histogram.closeWindow();
        }
        FloatHistogram total = histogram.total();
        assertEquals(2, total.schema());
        assertEquals(count, total.count());
        assertEquals(sum, total.sum(), 1e-6);
        TreeMap<Integer, Double> actual = new TreeMap<>();
        for (int k = 0; k < total.positive().size(); k++) {
            actual.put(total.positive().index(k), total.positive().count(k));
        }
        assertEquals(expected, actual);
    }

    @Test
    void growsToNoMoreBucketsThanTheLimit() {
        CumulativeNativeHistogram histogram = new CumulativeNativeHistogram();
        double[] ones = new double[4 * CumulativeNativeHistogram.MAX_BUCKETS];
        Arrays.fill(ones, 1);
        histogram.add(of(8, ones.length, BucketCounts.adjacent(1, ones)), AT_ONCE);
        histogram.closeWindow();
        assertEquals(6, histogram.total().schema());
        assertEquals(ones.length, histogram.total().positive().total());
        assertTrue(histogram.total().positive().size() <= CumulativeNativeHistogram.MAX_BUCKETS);
    }

    @Test
    void observationsThatAreNoNumberStayInTheCountAndOutOfTheSum() {
        CumulativeNativeHistogram histogram = new CumulativeNativeHistogram();
        FloatHistogram gained = of(0, 5, BucketCounts.adjacent(1, 3)).toBuilder()
                .count(5)
                .sum(Double.NaN)
                .build();
        histogram.add(gained, AT_ONCE);
        histogram.closeWindow();
        assertEquals(5, histogram.total().count());
        assertEquals(0, histogram.total().sum());
    }

    @Test
    void storedHistogramGoesOnAsItWas() throws IOException {
        CumulativeNativeHistogram histogram = new CumulativeNativeHistogram();
        histogram.add(random(new Random(3), 3), new double[] {0.3, 1});
        histogram.closeWindow();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        histogram.write(new DataOutputStream(bytes));
        CumulativeNativeHistogram restored =
                CumulativeNativeHistogram.read(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));
        assertEquals(histogram.total(), restored.total());
        histogram.closeWindow();
        restored.closeWindow();
        assertEquals(histogram.total(), restored.total());
        assertFalse(restored.hasPending());
    }

    private static FloatHistogram of(int schema, double sum, BucketCounts positive) {
        return FloatHistogram.builder()
                .schema(schema)
                .count(positive.total())
                .sum(sum)
                .positive(positive)
                .build();
    }

    private static FloatHistogram random(Random random, int schema) {
        double[] counts = new double[1 + random.nextInt(20)];
        for (int i = 0; i < counts.length; i++) {
            counts[i] = random.nextInt(50);
        }
        counts[0] = 1;
        counts[counts.length - 1] = 1;
        int offset = random.nextInt(40) - 20;
        // Whole, so that no bucket of the oracle is empty.
        for (int i = 0; i < counts.length; i++) {
            counts[i]++;
        }
        return of(schema, random.nextInt(1000), BucketCounts.adjacent(offset, counts));
    }
}
