package dev.weir.promql.answers;

import dev.weir.series.BucketCounts;
import dev.weir.series.FloatHistogram;
import dev.weir.series.FloatHistogram.ResetHint;
import dev.weir.series.StaleMarker;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Supplier;

/** Native histograms over an hour, each grown out of the one before. */
final class HistogramSamples {
    private static final int WIDTH = 6;

    private final Random random;
    private final FloatSamples floats;

    HistogramSamples(Random random, FloatSamples floats) {
        this.random = random;
        this.floats = floats;
    }

    /** What the buckets of one series are. */
    record Layout(int schema, boolean hasNegative, double zeroThreshold, List<Double> customBounds) {
        static Layout exponential(int schema, boolean hasNegative) {
            return new Layout(schema, hasNegative, hasNegative ? 0.001 : 0, List.of());
        }

        static Layout custom(Double... bounds) {
            return new Layout(FloatHistogram.CUSTOM_SCHEMA, false, 0, List.of(bounds));
        }
    }

    /** A counter that resets now and then. */
    NavigableMap<Long, Object> counter(Layout layout) {
        Counts counts = new Counts();
        return filled(() -> {
            if (random.nextInt(50) == 0) {
                counts.clear();
            }
            counts.grow();
            return counts.histogram(layout, ResetHint.UNKNOWN);
        });
    }

    /** A gauge, whose buckets come and go. */
    NavigableMap<Long, Object> gauge(Layout layout) {
        return filled(() -> {
            Counts counts = new Counts();
            counts.grow();
            return counts.histogram(layout, ResetHint.GAUGE);
        });
    }

    /** A counter whose layout changes on the way. */
    NavigableMap<Long, Object> changing(Layout... layouts) {
        Counts counts = new Counts();
        int[] current = {0};
        return filled(() -> {
            if (random.nextInt(25) == 0) {
                current[0] = random.nextInt(layouts.length);
            }
            counts.grow();
            return counts.histogram(layouts[current[0]], ResetHint.UNKNOWN);
        });
    }

    /** Histograms with floats between them. */
    NavigableMap<Long, Object> mixed(Layout layout) {
        NavigableMap<Long, Object> samples = counter(layout);
        boolean[] isFloat = {false};
        samples.replaceAll((timeMs, sample) -> {
            isFloat[0] ^= random.nextInt(12) == 0;
            return isFloat[0] ? (Object) (double) random.nextInt(100) : sample;
        });
        return samples;
    }

    private NavigableMap<Long, Object> filled(Supplier<FloatHistogram> histograms) {
        NavigableMap<Long, Object> samples = new TreeMap<>();
        floats.constant(1)
                .forEach((timeMs, value) ->
                        samples.put(timeMs, StaleMarker.isStale((Double) value) ? value : histograms.get()));
        return samples;
    }

    /** Whole counts, whatever the buckets. */
    private final class Counts {
        private final double[] positive = new double[WIDTH];
        private final double[] negative = new double[WIDTH];
        private double zero;
        private double sum;

        void clear() {
            Arrays.fill(positive, 0);
            Arrays.fill(negative, 0);
            zero = 0;
            sum = 0;
        }

        void grow() {
            for (int i = random.nextInt(4); i >= 0; i--) {
                positive[random.nextInt(WIDTH)] += random.nextInt(5);
                negative[random.nextInt(WIDTH)] += random.nextInt(3);
                zero += random.nextInt(2);
                sum += random.nextInt(1000) / 100.0;
            }
        }

        FloatHistogram histogram(Layout layout, ResetHint hint) {
            FloatHistogram.Builder histogram =
                    FloatHistogram.builder().resetHint(hint).sum(Math.rint(sum * 100) / 100);
            double total = Arrays.stream(positive).sum();
            if (!layout.customBounds().isEmpty()) {
                return histogram
                        .customBounds(layout.customBounds().stream()
                                .mapToDouble(bound -> bound)
                                .toArray())
                        .positive(counts(
                                0, Arrays.copyOf(positive, layout.customBounds().size() + 1)))
                        .count(Arrays.stream(positive, 0, layout.customBounds().size() + 1)
                                .sum())
                        .build();
            }
            histogram.schema(layout.schema()).zero(layout.zeroThreshold(), zero).positive(counts(-2, positive));
            if (layout.hasNegative()) {
                histogram.negative(counts(-1, negative));
                total += Arrays.stream(negative).sum();
            }
            return histogram.count(total + zero).build();
        }

        private BucketCounts counts(int offset, double[] counts) {
            return BucketCounts.adjacent(offset, counts);
        }
    }
}
