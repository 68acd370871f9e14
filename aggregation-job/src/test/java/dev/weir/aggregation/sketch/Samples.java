package dev.weir.aggregation.sketch;

import java.util.Arrays;
import java.util.Random;
import java.util.function.DoubleSupplier;

/** Observations drawn from known distributions, and their true quantiles. */
final class Samples {
    static final int[] PER_MILLE = {500, 900, 950, 990};

    private Samples() {}

    static double[] lognormal(Random random, int count, double median, double sigma) {
        return draw(count, () -> median * Math.exp(sigma * random.nextGaussian()));
    }

    static double[] bimodal(Random random, int count, double fast, double slow) {
        return draw(count, () -> (random.nextInt(20) == 0 ? slow : fast) * (1 + 0.1 * random.nextDouble()));
    }

    static double[] constant(int count, double value) {
        return draw(count, () -> value);
    }

    static double[] pareto(Random random, int count, double least, double shape) {
        return draw(count, () -> least * Math.pow(1 - random.nextDouble(), -1 / shape));
    }

    static double[] draw(int count, DoubleSupplier source) {
        double[] values = new double[count];
        Arrays.setAll(values, i -> source.getAsDouble());
        return values;
    }

    /** The smallest value such that at least this share of all is not above it, by counting. */
    static double quantile(double[] values, int perMille) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int place = 0;
        while ((place + 1) * 1_000L < (long) perMille * sorted.length) {
            place++;
        }
        return sorted[place];
    }

    /** Counts per single bucket. */
    static double[] bucketed(double[] values, double[] upperBounds) {
        double[] counts = new double[upperBounds.length];
        for (double value : values) {
            int bucket = 0;
            while (value > upperBounds[bucket]) {
                bucket++;
            }
            counts[bucket]++;
        }
        return counts;
    }
}
