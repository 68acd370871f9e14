package dev.weir.exposition;

import dev.weir.series.FloatHistogram;
import dev.weir.series.Labels;

/**
 * A native histogram. Where the page has the histogram with classic buckets too, that is a {@link HistogramSeries} of
 * the same name and labels beside it.
 *
 * @param gauge whether it is a gaugehistogram, whose counts may fall
 */
public record NativeHistogramSeries(
        String name, Labels labels, boolean gauge, FloatHistogram histogram, long createdMs, long timestampMs)
        implements AssembledSeries {}
