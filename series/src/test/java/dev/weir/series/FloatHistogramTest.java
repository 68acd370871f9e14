package dev.weir.series;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.series.FloatHistogram.ResetHint;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FloatHistogramTest {
    @Test
    void boundsArePowersOfTheBase() {
        assertEquals(1, HistogramBounds.upper(0, 0));
        assertEquals(8, HistogramBounds.upper(0, 3));
        assertEquals(Math.sqrt(2), HistogramBounds.upper(1, 1), 1e-15);
        assertEquals(0.25, HistogramBounds.upper(5, -64));
        assertEquals(16, HistogramBounds.upper(-2, 1));
        assertEquals(Double.MAX_VALUE, HistogramBounds.upper(0, 1024));
        assertEquals(Double.POSITIVE_INFINITY, HistogramBounds.upper(0, 1025));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void sumHasInEveryBucketWhatBothHave(long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < 200; round++) {
            Map<Integer, Double> a = randomBuckets(random);
            Map<Integer, Double> b = randomBuckets(random);
            FloatHistogram sum = histogram(a).plus(histogram(b));
            Map<Integer, Double> expected = new TreeMap<>(a);
            b.forEach((index, count) -> expected.merge(index, count, Double::sum));

            assertEquals(histogram(expected), sum, "seed " + seed);
            assertEquals(histogram(a), sum.minus(histogram(b)).withResetHint(ResetHint.UNKNOWN), "seed " + seed);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void reductionKeepsEveryObservationInsideItsBucket(long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < 500; round++) {
            int index = random.nextInt(4000) - 2000;
            FloatHistogram fine = FloatHistogram.builder()
                    .schema(8)
                    .count(1)
                    .positive(BucketCounts.adjacent(index, 1))
                    .build();
            FloatHistogram coarse = fine.reducedTo(random.nextInt(12) - 4);
            int target = coarse.positive().index(0);

            assertTrue(coarse.bound(target) >= fine.bound(index), "seed " + seed);
            assertTrue(coarse.bound(target - 1) <= fine.bound(index - 1), "seed " + seed);
        }
    }

    @Test
    void widerZeroBucketSwallowsTheBucketsInsideIt() {
        FloatHistogram narrow = FloatHistogram.builder()
                .count(6)
                .zero(0.001, 1)
                .positive(BucketCounts.adjacent(-1, 2, 3))
                .build();
        FloatHistogram wide = FloatHistogram.builder().count(4).zero(0.5, 4).build();
        FloatHistogram sum = narrow.plus(wide);

        assertEquals(0.5, sum.zeroThreshold());
        assertEquals(4 + 1 + 2, sum.zeroCount());
        assertEquals(3, sum.positive().countAt(0));
    }

    @Test
    void zeroBucketNeverCutsAPopulatedBucket() {
        FloatHistogram populated = FloatHistogram.builder()
                .count(2)
                .positive(BucketCounts.adjacent(1, 2))
                .build();
        FloatHistogram cutting = FloatHistogram.builder().count(1).zero(1.5, 1).build();

        assertEquals(2, populated.plus(cutting).zeroThreshold());
    }

    @Test
    void exponentialAndCustomHistogramsDoNotCombine() {
        FloatHistogram custom = FloatHistogram.builder().customBounds(1, 2).build();
        FloatHistogram otherBounds = FloatHistogram.builder().customBounds(1, 3).build();

        assertThrows(
                IncompatibleHistogramsException.class,
                () -> custom.plus(FloatHistogram.builder().build()));
        assertThrows(IncompatibleHistogramsException.class, () -> custom.plus(otherBounds));
    }

    @Test
    void resetIsSeenByCountBucketOrHint() {
        FloatHistogram before = histogram(new TreeMap<>(Map.of(1, 3.0, 2, 1.0)));

        assertFalse(histogram(new TreeMap<>(Map.of(1, 3.0, 2, 2.0))).isResetAfter(before));
        assertTrue(histogram(new TreeMap<>(Map.of(1, 2.0))).isResetAfter(before));
        assertTrue(histogram(new TreeMap<>(Map.of(1, 2.0, 2, 3.0))).isResetAfter(before));
        assertTrue(before.withResetHint(ResetHint.RESET).isResetAfter(before));
        assertFalse(histogram(new TreeMap<>(Map.of(1, 1.0)))
                .withResetHint(ResetHint.NOT_RESET)
                .isResetAfter(before));
    }

    @Test
    void unknownSchemaIsRejected() {
        assertThrows(
                IllegalArgumentException.class,
                () -> FloatHistogram.builder().schema(9).build());
    }

    @Test
    void indexesMustAscend() {
        assertThrows(IllegalArgumentException.class, () -> BucketCounts.of(new int[] {2, 2}, new double[] {1, 1}));
    }

    @Test
    void textListsThePopulatedBuckets() {
        FloatHistogram histogram = FloatHistogram.builder()
                .count(20)
                .sum(10)
                .zero(0.001, 2)
                .positive(BucketCounts.adjacent(0, 1, 0, 2))
                .negative(BucketCounts.adjacent(0, 1))
                .build();

        assertEquals("{count:20, sum:10, [-1,-0.5):1, [-0.001,0.001]:2, (0.5,1]:1, (2,4]:2}", histogram.toString());
    }

    @Test
    void floatTextsAreThoseOfPrometheus() {
        assertEquals("0.0000001", FloatText.plain(1e-7));
        assertEquals("10000000000000000000000", FloatText.plain(1e22));
        assertEquals("-0", FloatText.plain(-0.0));
        assertEquals("1e-07", FloatText.general(1e-7));
        assertEquals("1.5e+06", FloatText.general(1.5e6));
        assertEquals("100000", FloatText.general(1e5));
        assertEquals("5e-324", FloatText.general(Double.MIN_VALUE));
    }

    private static Map<Integer, Double> randomBuckets(Random random) {
        TreeMap<Integer, Double> buckets = new TreeMap<>();
        for (int i = random.nextInt(10); i > 0; i--) {
            buckets.put(random.nextInt(20) - 10, (double) (1 + random.nextInt(9)));
        }
        return buckets;
    }

    private static FloatHistogram histogram(Map<Integer, Double> buckets) {
        int[] indexes = buckets.keySet().stream().mapToInt(Integer::intValue).toArray();
        double[] counts =
                buckets.values().stream().mapToDouble(Double::doubleValue).toArray();
        BucketCounts positive = BucketCounts.of(indexes, counts);
        return FloatHistogram.builder()
                .schema(3)
                .count(positive.total())
                .positive(positive)
                .build();
    }
}
