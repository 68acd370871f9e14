package dev.weir.benchmarks.fleet;

import dev.weir.series.Labels;

/**
 * One series and its value at every scrape.
 *
 * @param values not copied
 */
@SuppressWarnings("ArrayRecordComponent")
public record FleetSeries(Labels labels, double[] values) {}
