package dev.weir.queryserver.store.chunk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import dev.weir.promql.storage.SampleColumns;
import dev.weir.series.BucketCounts;
import dev.weir.series.FloatHistogram;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HistogramChunkTest {
    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13, 14})
    void givesBackEveryHistogram(long seed) {
        Random random = new Random(seed);
        HistogramAppender appender = new HistogramAppender();
        List<FloatHistogram> written = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            FloatHistogram histogram = random(random);
            written.add(histogram);
            appender.append(1000L * i, histogram);
        }
        SampleColumns read = new SampleColumns();
        appender.sealed(49_000).read(0, Long.MAX_VALUE, read);
        assertEquals(written.size(), read.size());
        for (int i = 0; i < written.size(); i++) {
            FloatHistogram histogram = read.histogram(i);
            assertNotNull(histogram);
            assertEquals(written.get(i), histogram);
            assertEquals(written.get(i).resetHint(), histogram.resetHint());
            assertEquals(1000L * i, read.timestampMs(i));
        }
    }

    private static FloatHistogram random(Random random) {
        FloatHistogram.ResetHint[] hints = FloatHistogram.ResetHint.values();
        FloatHistogram.Builder histogram = FloatHistogram.builder()
                .count(random.nextInt(1000))
                .sum(random.nextGaussian())
                .zero(1e-128, random.nextBoolean() ? 3 : 0.5)
                .resetHint(hints[random.nextInt(hints.length)])
                .positive(buckets(random, 0));
        if (random.nextInt(4) == 0) {
            return histogram.zero(0, 0).customBounds(-1, 0.1, 2, 1e300).build();
        }
        return histogram
                .schema(random.nextInt(13) - 4)
                .negative(buckets(random, -500))
                .build();
    }

    private static BucketCounts buckets(Random random, int first) {
        int[] indexes = new int[random.nextInt(5)];
        double[] counts = new double[indexes.length];
        int index = first;
        for (int i = 0; i < indexes.length; i++) {
            indexes[i] = index;
            index += 1 + random.nextInt(100);
            counts[i] = random.nextBoolean() ? random.nextInt(1 << 20) : random.nextDouble();
        }
        return BucketCounts.of(indexes, counts);
    }
}
