package dev.weir.exposition;

import dev.weir.series.Labels;

/**
 * One series of an assembled family: a number, a histogram or summary whose lines were put together, or a native
 * histogram.
 */
public sealed interface AssembledSeries permits PointSeries, HistogramSeries, NativeHistogramSeries, SummarySeries {
    /** For a point its full sample name ({@code x_total}), else the family's name. */
    String name();

    /** Without {@code __name__}, and without {@code le} or {@code quantile} where lines were put together. */
    Labels labels();

    /** When the series began, Unix time in ms, from its {@code _created} sample or its own word; or {@link Sample#NO_TIMESTAMP}. */
    long createdMs();

    /** The time that the page gives for the value, or {@link Sample#NO_TIMESTAMP}. */
    long timestampMs();
}
