package dev.weir.exposition;

import dev.weir.series.Labels;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Observations in buckets.
 *
 * @param count of all observations, equal to the bucket {@code +Inf}
 * @param sum of all observed values, NaN if the page does not give it
 * @param buckets from upper bound, as the page writes it, to the number of observations at or below it; ascending, the
 *     last is {@code +Inf}
 */
public record Histogram(String name, Labels labels, long count, double sum, Map<String, Long> buckets)
        implements Metric {
    /** The key of the bucket that is always there. */
    public static final String INFINITE = "+Inf";

    public Histogram {
        buckets = Collections.unmodifiableMap(new LinkedHashMap<>(buckets));
        Long all = buckets.get(INFINITE);
        if (all == null || all != count) {
            throw new IllegalArgumentException(
                    "bucket +Inf of " + name + ": " + all + " (expected: the count, " + count + ")");
        }
    }
}
