package dev.weir.exposition;

import dev.weir.series.Labels;

/**
 * One metric of a typed snapshot: a name and one set of labels. Several metrics may share a name. The shape is that of
 * vLLM's {@code vllm.v1.metrics.reader}.
 */
public sealed interface Metric permits Counter, Gauge, Histogram, Summary, Vector {
    /** A counter's name is without {@code _total}. */
    String name();

    /** Without {@code __name__}, {@code le}, {@code quantile}, and a vector's {@code position}. */
    Labels labels();
}
