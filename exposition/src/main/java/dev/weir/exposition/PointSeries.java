package dev.weir.exposition;

import dev.weir.series.Labels;

/**
 * A series of single numbers.
 *
 * @param type the family's type if the sample is what that type calls for; else {@link MetricType#UNKNOWN}, as for the
 *     lines of a histogram that cannot be put together
 */
public record PointSeries(String name, Labels labels, MetricType type, double value, long createdMs, long timestampMs)
        implements AssembledSeries {}
