package dev.weir.exposition;

import dev.weir.series.Labels;

/**
 * A summary. The arrays are parallel, perhaps empty, and shared: read only.
 *
 * @param quantileTexts the quantiles as the page writes them
 * @param quantiles ascending
 * @param sum NaN if absent
 * @param count NaN if absent
 */
@SuppressWarnings("ArrayRecordComponent") // As in HistogramSeries.
public record SummarySeries(
        String name,
        Labels labels,
        String[] quantileTexts,
        double[] quantiles,
        double[] values,
        double sum,
        double count,
        long createdMs,
        long timestampMs)
        implements AssembledSeries {}
