package dev.weir.exposition;

import dev.weir.series.Labels;

/**
 * A classic histogram. The arrays are parallel, at least one long, and end with {@code +Inf}; they are shared, not
 * copied: read only. Equality is identity of the arrays.
 *
 * @param gauge whether it is a gaugehistogram, whose counts may fall
 * @param le the bounds as the page writes them
 * @param upperBounds ascending, the last is positive infinity
 * @param cumulativeCounts observations at or below each bound, as the page gives them: a racy exporter's need not
 *     ascend
 * @param count equals the last of {@code cumulativeCounts}
 * @param sum NaN if absent
 */
@SuppressWarnings("ArrayRecordComponent") // One allocation per scrape and histogram less, on a path that never shares.
public record HistogramSeries(
        String name,
        Labels labels,
        boolean gauge,
        String[] le,
        double[] upperBounds,
        double[] cumulativeCounts,
        double count,
        double sum,
        long createdMs,
        long timestampMs)
        implements AssembledSeries {}
