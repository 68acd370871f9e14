package dev.weir.queryserver.store;

import dev.weir.series.Labels;

/** Samples to be written to one series, ascending in time. */
public record SeriesSamples(String project, Labels labels, SampleList samples) {}
