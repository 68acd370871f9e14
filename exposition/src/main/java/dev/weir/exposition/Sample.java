package dev.weir.exposition;

import dev.weir.series.Labels;
import org.jspecify.annotations.Nullable;

/**
 * One line of a {@code /metrics} page.
 *
 * @param name the full name as written, {@code x_bucket} for a histogram's bucket
 * @param labels without {@code __name__}; {@code le} and {@code quantile} are still inside
 * @param timestampMs Unix time in ms, or {@link #NO_TIMESTAMP}
 */
public record Sample(
        String name,
        Labels labels,
        double value,
        long timestampMs,
        @Nullable Exemplar exemplar) {
    /** Stands for a time that the page does not give. */
    public static final long NO_TIMESTAMP = Long.MIN_VALUE;

    public boolean hasTimestamp() {
        return timestampMs != NO_TIMESTAMP;
    }
}
