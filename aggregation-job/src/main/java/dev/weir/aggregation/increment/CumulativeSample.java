package dev.weir.aggregation.increment;

import java.util.Arrays;

/**
 * One cumulative series as one scrape saw it: a counter, or a whole classic histogram.
 *
 * @param seriesId fingerprint of the series' full labels within its target
 * @param layout {@link #COUNTER}, or what tells one histogram's bounds from another's
 * @param cumulative a counter's one value; a histogram's count at or below each bound
 * @param sum a histogram's sum of observations; NaN if it has none; ignored for a counter
 * @param createdMs when the series began, by the target's clock, or {@link ScrapeFacts#UNKNOWN}
 */
@SuppressWarnings("ArrayRecordComponent") // Made for a page's structure or a scrape; neither changed nor compared.
public record CumulativeSample(long seriesId, int layout, double[] cumulative, double sum, long createdMs) {
    /** Layout of a counter, and of no histogram. */
    public static final int COUNTER = 0;

    public static CumulativeSample counter(long seriesId, double value, long createdMs) {
        return new CumulativeSample(seriesId, COUNTER, new double[] {value}, Double.NaN, createdMs);
    }

    /** @param upperBounds ascending, the last one +Inf */
    public static CumulativeSample histogram(
            long seriesId, double[] upperBounds, double[] cumulative, double sum, long createdMs) {
        int hash = Arrays.hashCode(upperBounds);
        return new CumulativeSample(seriesId, hash == COUNTER ? 1 : hash, cumulative, sum, createdMs);
    }

    /** Whether the values can be those of a counter: finite and not negative. */
    boolean isUsable() {
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
}
