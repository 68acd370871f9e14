package dev.weir.exposition;

import dev.weir.series.Labels;

/**
 * One observation that stands for those of its sample, usually with a trace id.
 *
 * @param timestampMs Unix time in ms, or {@link Sample#NO_TIMESTAMP}
 */
public record Exemplar(Labels labels, double value, long timestampMs) {}
