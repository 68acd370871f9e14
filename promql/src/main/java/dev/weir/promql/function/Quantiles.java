package dev.weir.promql.function;

import java.util.Arrays;

/** Quantiles of plain values. */
public final class Quantiles {
    private Quantiles() {}

    /**
     * The {@code q}-quantile of the first {@code size} values, between neighbours linear; -Inf or +Inf for a {@code q}
     * below 0 or above 1. NaN counts as the least value. Sorts the values in place.
     */
    public static double quantile(double q, double[] values, int size) {
        if (size == 0 || Double.isNaN(q)) {
            return Double.NaN;
        }
        if (q < 0) {
            return Double.NEGATIVE_INFINITY;
        }
        if (q > 1) {
            return Double.POSITIVE_INFINITY;
        }
        Arrays.sort(values, 0, size);
        int nans = 0;
        while (nans < size && Double.isNaN(values[size - 1 - nans])) {
            nans++;
        }
        double rank = q * (size - 1);
        int lower = (int) Math.max(0, Math.floor(rank));
        int upper = Math.min(size - 1, lower + 1);
        double weight = rank - Math.floor(rank);
        return sorted(values, size, nans, lower) * (1 - weight) + sorted(values, size, nans, upper) * weight;
    }

    /** Java sorts NaN last, PromQL first. */
    private static double sorted(double[] values, int size, int nans, int index) {
        return index < nans ? values[size - 1] : values[index - nans];
    }
}
