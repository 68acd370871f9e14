package dev.weir.aggregation.sketch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.series.BucketCounts;
import dev.weir.series.FloatHistogram;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DistributionTest {
    private static final double INF = Double.POSITIVE_INFINITY;

    /** vLLM's buckets of time to first token. */
    private static final double[] VLLM_TTFT = {
        0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 20, 40, 80, 160, 640,
        2560, INF
    };

    /** vLLM's buckets of request latency. */
    private static final double[] VLLM_LATENCY = {
        0.3, 0.5, 0.8, 1, 1.5, 2, 2.5, 5, 10, 15, 20, 30, 40, 50, 60, 120, 240, 480, 960, 1920, 7680, INF
    };

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void theTrueQuantileOfClassicBucketsLiesBetweenTheBounds(long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < 40; round++) {
            double[] buckets = random.nextBoolean() ? VLLM_TTFT : VLLM_LATENCY;
            double[] values = drawn(random);
            Distribution distribution = new Distribution();
            distribution.addClassic(buckets, Samples.bucketed(values, buckets), Double.NaN);
            for (int perMille : Samples.PER_MILLE) {
                Quantiles.Estimate estimate = assertHolds(distribution, values, perMille, seed);
                // No wider than the bucket that holds it.
                int bucket = 0;
                while (Samples.quantile(values, perMille) > buckets[bucket]) {
                    bucket++;
                }
                assertEquals(bucket == 0 ? 0 : buckets[bucket - 1], estimate.lower());
                assertEquals(buckets[bucket], estimate.upper());
            }
            assertEquals(values.length, distribution.sketch().count());
            distribution.sketch().forEachBin((index, times) -> assertEquals(Math.rint(times), times));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void theTrueQuantileOfMixedSourcesLiesBetweenTheBounds(long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < 40; round++) {
            double[] first = drawn(random);
            double[] second = drawn(random);
            double[] third = drawn(random);
            double[] fourth = drawn(random);
            Distribution distribution = new Distribution();
            distribution.addClassic(VLLM_TTFT, Samples.bucketed(first, VLLM_TTFT), 1);
            distribution.addClassic(VLLM_LATENCY, Samples.bucketed(second, VLLM_LATENCY), 1);
            DoubleStream.of(third).forEach(distribution::add);
            distribution.addNative(nativeOf(fourth, random.nextInt(13) - 4));
            double[] all = Stream.of(first, second, third, fourth)
                    .flatMapToDouble(DoubleStream::of)
                    .toArray();
            for (int perMille : Samples.PER_MILLE) {
                assertHolds(distribution, all, perMille, seed);
            }
            assertEquals(all.length, distribution.sketch().count());
        }
    }

    private static Quantiles.Estimate assertHolds(Distribution distribution, double[] values, int perMille, long seed) {
        double truth = Samples.quantile(values, perMille);
        Quantiles.Estimate estimate =
                Objects.requireNonNull(distribution.quantiles().at(perMille));
        String message = "seed " + seed + ", " + perMille + ": " + estimate + " of " + truth;
        assertTrue(estimate.lower() <= truth && truth <= estimate.upper(), message);
        assertTrue(estimate.lower() <= estimate.value() && estimate.value() <= estimate.upper(), message);
        return estimate;
    }

    private static double[] drawn(Random random) {
        int count = 1 + random.nextInt(2_000);
        return switch (random.nextInt(6)) {
            case 0 -> Samples.lognormal(random, count, Math.exp(3 * random.nextGaussian()), 2 * random.nextDouble());
            case 1 -> Samples.bimodal(random, count, random.nextDouble(), 100 * random.nextDouble());
            case 2 -> Samples.constant(count, VLLM_TTFT[random.nextInt(VLLM_TTFT.length - 1)]);
            case 3 -> Samples.constant(count, 10_000 * random.nextDouble());
            case 4 -> Samples.pareto(random, count, 0.001, 0.3 + random.nextDouble());
            default -> Samples.draw(count, () -> 0.0001 * random.nextDouble());
        };
    }

    @Test
    void spreadsABucketEvenlyAndItsLastAtItsLowerBound() {
        Distribution distribution = new Distribution();
        distribution.addClassic(new double[] {1, 3, INF}, new double[] {0, 2_000, 7}, Double.NaN);
        NavigableMap<Integer, Double> bins = SketchTest.bins(distribution.sketch());
        // (1, 3] begins with bin 1 and ends inside bin 51, (2.95.., 3.01..]; 2 is the upper bound of bin 32.
        assertEquals(1, bins.firstKey());
        assertEquals(51, bins.lastKey());
        assertEquals(1_000, total(bins.headMap(32, true)));
        // 2000 / 2 · (2^(17/32) - 1) = 445.1, rounded.
        assertEquals(445, total(bins.headMap(17, true)));
        assertEquals(2_007, distribution.sketch().count());

        assertEquals(2_000 * 2 + 7 * 3, distribution.sketch().sum());
    }

    @Test
    void spreadsDownToZeroWithoutEnd() {
        Distribution distribution = new Distribution();
        distribution.addClassic(new double[] {1, INF}, new double[] {1_000_000, 0}, 5);
        Sketch sketch = distribution.sketch();
        assertEquals(1_000_000, sketch.count());
        assertEquals(5, sketch.sum());
        assertEquals(500_000, total(SketchTest.bins(sketch).headMap(-32, true)));
        Distribution fractional = new Distribution();
        fractional.addClassic(new double[] {1, INF}, new double[] {0.5, 0.25}, 5);
        assertEquals(0.75, fractional.sketch().count(), 1e-12);
        assertEquals(0.25, total(SketchTest.bins(fractional.sketch()).headMap(-32, true)), 1e-9);
    }

    @Test
    void knowsNothingOfWhatLiesBetweenZeroAndInfinity() {
        Distribution distribution = new Distribution();
        assertNull(distribution.quantiles().at(500));
        distribution.addClassic(new double[] {INF}, new double[] {3}, 5);
        assertNull(distribution.quantiles().at(500));
    }

    @Test
    void refusesCountsWithoutBounds() {
        Distribution distribution = new Distribution();
        assertThrows(
                IllegalArgumentException.class,
                () -> distribution.addClassic(new double[] {1, INF}, new double[] {1}, 1));
        assertThrows(
                IllegalArgumentException.class,
                () -> distribution.addClassic(new double[] {1, INF}, new double[] {-1, 2}, 1));
        assertTrue(distribution.isEmpty());
    }

    @ParameterizedTest
    @ValueSource(ints = {5, 6, 7, 8})
    void takesFinerNativeHistogramsExactly(int schema) {
        double[] values = Samples.lognormal(new Random(schema), 2_000, 0.3, 2);
        Distribution distribution = new Distribution();
        distribution.addNative(nativeOf(values, schema));
        assertEquals(SketchTest.bins(SketchTest.of(values)), SketchTest.bins(distribution.sketch()));
        assertEquals(DoubleStream.of(values).sum(), distribution.sketch().sum(), 1e-6);
    }

    @Test
    void spreadsCoarserNativeHistogramsOverTheirBins() {
        Distribution distribution = new Distribution();
        distribution.addNative(FloatHistogram.builder()
                .schema(3)
                .count(13)
                .sum(1)
                .zero(0.001, 1)
                .positive(BucketCounts.of(new int[] {-7, 9}, new double[] {8, 4}))
                .build());
        Sketch sketch = distribution.sketch();
        assertEquals(13, sketch.count());
        NavigableMap<Integer, Double> bins = SketchTest.bins(sketch);
        // Bucket -7 of schema 3 is bins -31 to -28 of schema 5, bucket 9 is 33 to 36.
        assertEquals(
                Map.of(-31, 2.0, -30, 2.0, -29, 2.0, -28, 2.0, 33, 1.0, 34, 1.0, 35, 1.0, 36, 1.0), bins.tailMap(-31));
        Quantiles.Estimate p99 = Objects.requireNonNull(distribution.quantiles().at(990));
        assertEquals(2, p99.lower());
        assertEquals(2.1810154653305154, p99.upper());
    }

    @Test
    void survivesHostileNativeHistograms() {
        Distribution distribution = new Distribution();
        for (int schema : new int[] {-4, 0, 3, 5, 8}) {
            distribution.addNative(FloatHistogram.builder()
                    .schema(schema)
                    .count(9)
                    .sum(Double.NaN)
                    .zero(1e300, 2)
                    .positive(BucketCounts.of(new int[] {Integer.MIN_VALUE + 600, -600_000}, new double[] {2, 3}))
                    .negative(BucketCounts.of(new int[] {1}, new double[] {2}))
                    .build());
        }
        assertEquals(5 * 9, distribution.sketch().count());
        assertEquals(0, distribution.sketch().sum());
    }

    @Test
    void keepsNoMoreBucketsThanItsLimit() {
        Distribution distribution = new Distribution();
        for (int i = 1; i <= Distribution.MAX_BUCKETS + 500; i++) {
            distribution.addClassic(new double[] {i, INF}, new double[] {2, 0}, Double.NaN);
        }
        assertEquals(2 * (Distribution.MAX_BUCKETS + 500), distribution.sketch().count());
        Quantiles.Estimate median =
                Objects.requireNonNull(distribution.quantiles().at(500));
        assertEquals(0, median.lower());
        assertTrue(median.upper() > 2_000);

        assertNull(distribution.quantiles().at(990));
    }

    private static FloatHistogram nativeOf(double[] values, int schema) {
        TreeMap<Integer, Double> counts = new TreeMap<>();
        double base = Math.scalb(1.0, -schema);
        for (double value : values) {
            counts.merge((int) Math.ceil(Math.log(value) / Math.log(2) / base), 1.0, Double::sum);
        }
        List<Integer> indexes = new ArrayList<>(counts.keySet());
        return FloatHistogram.builder()
                .schema(schema)
                .count(values.length)
                .sum(DoubleStream.of(values).sum())
                .zero(Sketch.ZERO_THRESHOLD, 0)
                .positive(BucketCounts.of(
                        indexes.stream().mapToInt(i -> i).toArray(),
                        counts.values().stream().mapToDouble(c -> c).toArray()))
                .build();
    }

    private static double total(Map<Integer, Double> bins) {
        return bins.values().stream().mapToDouble(c -> c).sum();
    }
}
