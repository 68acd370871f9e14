package dev.weir.exposition;

import dev.weir.series.Labels;

/**
 * A total that only rises.
 *
 * @param name without {@code _total}
 * @param value as exposed; vLLM's reader cuts its fraction, which seconds and bytes per token have
 */
public record Counter(String name, Labels labels, double value) implements Metric {}
