package dev.weir.exposition;

import dev.weir.series.Labels;

/** A value that rises and falls. */
public record Gauge(String name, Labels labels, double value) implements Metric {}
