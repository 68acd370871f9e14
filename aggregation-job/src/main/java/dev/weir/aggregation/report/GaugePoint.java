package dev.weir.aggregation.report;

import dev.weir.series.Labels;

/**
 * A value that passes through under its own labels, replica labels included.
 *
 * @param timestampMs told by the target, or {@link #NO_TIMESTAMP}
 */
public record GaugePoint(Labels labels, double value, long timestampMs) {
    public static final long NO_TIMESTAMP = Long.MIN_VALUE;
}
