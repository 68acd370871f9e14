package dev.weir.aggregation.increment;

import org.jspecify.annotations.Nullable;

/**
 * One cumulative series as one scrape saw it: a counter, or a whole classic histogram.
 *
 * @param seriesId fingerprint of the series' full labels within its target
 * @param upperBounds null for a counter; else ascending, the last one +Inf
 * @param cumulative a counter's one value; a histogram's count at or below each bound, ascending
 * @param sum a histogram's sum of observations; NaN if it has none; ignored for a counter
 * @param createdMs when the series began, by the target's clock, or {@link ScrapeFacts#UNKNOWN}
 */
@SuppressWarnings("ArrayRecordComponent") // Made once per scrape and series; neither changed nor compared.
public record CumulativeSample(
        long seriesId, double @Nullable [] upperBounds, double[] cumulative, double sum, long createdMs) {

    public static CumulativeSample counter(long seriesId, double value, long createdMs) {
        return new CumulativeSample(seriesId, null, new double[] {value}, Double.NaN, createdMs);
    }

    /**
     * A histogram; counts that fall towards higher bounds (a torn read) are lowered to what the higher bound says, and a
     * sum that is infinite is none.
     */
    public static CumulativeSample histogram(
            long seriesId, double[] upperBounds, double[] cumulative, double sum, long createdMs) {
        double[] monotone = cumulative.clone();
        lowerToMonotone(monotone);
        return new CumulativeSample(
                seriesId, upperBounds, monotone, Double.isFinite(sum) ? sum : Double.NaN, createdMs);
    }

    /** Whether the values can be those of a counter: finite and not negative. */
    public boolean isUsable() {
        for (double value : cumulative) {
            if (!(value >= 0) || value == Double.POSITIVE_INFINITY) {
                return false;
            }
        }
        return true;
    }

    /** All events so far: a counter's value, a histogram's count. */
    public double total() {
        return cumulative[cumulative.length - 1];
    }

    /** Takes from each value what exceeds a later one, so that the last value, the total, is always kept. */
    static void lowerToMonotone(double[] values) {
        for (int i = values.length - 2; i >= 0; i--) {
            values[i] = Math.min(values[i], values[i + 1]);
        }
    }
}
