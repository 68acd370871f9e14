package dev.weir.aggregation.sketch;

import dev.weir.series.ExponentialBins;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * Quantiles of a distribution and how far its sources let one know them. The q-quantile of n observations is the ⌈q·n⌉-th
 * smallest. If each observation is known to lie between a lower and an upper bound, then the k-th smallest observation lies
 * between the k-th smallest lower bound and the k-th smallest upper bound, whichever sources are mixed.
 */
public final class Quantiles {
    /** Parts of a thousand. */
    private static final double SCALE = 1_000;

    private final Ranked values;
    private final Ranked lowers;
    private final Ranked uppers;

    private Quantiles(Ranked values, Ranked lowers, Ranked uppers) {
        this.values = values;
        this.lowers = lowers;
        this.uppers = uppers;
    }

    /**
     * A quantile.
     *
     * @param value the estimate, between the bounds
     * @param lower the true one is not below it
     * @param upper the true one is not above it; may be +Inf
     */
    public record Estimate(double value, double lower, double upper) {}

    /**
     * The quantile, or null if nothing is known of it.
     *
     * @param perMille 990 for the 0.99-quantile: in thousandths, since 0.99 · n is not exact
     */
    public @Nullable Estimate at(int perMille) {
        double count = values.count();
        if (count <= 0) {
            return null;
        }
        double rank = perMille * count / SCALE;
        // Parts of observations come out of fractional buckets only.
        rank = count == Math.rint(count) ? Math.ceil(rank) : rank;
        double lower = lowers.at(rank);
        double upper = uppers.at(rank);
        if (lower == 0 && upper == Double.POSITIVE_INFINITY) {
            return null;
        }
        return new Estimate(Math.max(lower, Math.min(values.at(rank), upper)), lower, upper);
    }

    /** Where the bins themselves are all that is known. */
    static Quantiles ofBins(Sketch sketch) {
        Builder builder = new Builder(sketch);
        return builder.of(sketch);
    }

    /** Collects what is known of each observation. */
    static final class Builder {
        private record Known(double lower, double upper, double times) {}

        private final List<Known> all = new ArrayList<>();

        /** All that the sketch holds, known to its bins. */
        Builder(Sketch sketch) {
            add(0, sketch.zeroThreshold(), sketch.zeroCount());
            sketch.forEachBin(
                    (index, times) -> add(ExponentialBins.upper(index - 1), ExponentialBins.upper(index), times));
        }

        /** Observations that lie between bounds. */
        void add(double lower, double upper, double times) {
            if (times > 0) {
                all.add(new Known(lower, upper, times));
            }
        }

        /** @param sketch all observations in the bins where they are taken to be */
        Quantiles of(Sketch sketch) {
            Ranked values = new Ranked();
            values.add(0, sketch.zeroCount());
            sketch.forEachBin((index, times) -> values.add(ExponentialBins.middle(index), times));
            return new Quantiles(values, ranked(Known::lower), ranked(Known::upper));
        }

        private Ranked ranked(ToDoubleFunction<Known> bound) {
            all.sort(Comparator.comparingDouble(bound));
            Ranked ranked = new Ranked();
            all.forEach(known -> ranked.add(bound.applyAsDouble(known), known.times()));
            return ranked;
        }
    }

    /** Values in ascending order, and how many observations there are up to each. */
    private static final class Ranked {
        private double[] values = new double[64];
        private double[] upTo = new double[64];
        private int size;

        void add(double value, double times) {
            if (times <= 0) {
                return;
            }
            if (size == values.length) {
                values = Arrays.copyOf(values, size * 2);
                upTo = Arrays.copyOf(upTo, size * 2);
            }
            values[size] = value;
            upTo[size] = count() + times;
            size++;
        }

        double count() {
            return size == 0 ? 0 : upTo[size - 1];
        }

        double at(double rank) {
            int low = 0;
            int high = size - 1;
            while (low < high) {
                int middle = (low + high) >>> 1;
                if (upTo[middle] >= rank) {
                    high = middle;
                } else {
                    low = middle + 1;
                }
            }
            return values[low];
        }
    }
}
