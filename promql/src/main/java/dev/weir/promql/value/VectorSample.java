package dev.weir.promql.value;

import dev.weir.series.FloatHistogram;
import dev.weir.series.Labels;
import org.jspecify.annotations.Nullable;

/** One sample: a native histogram if {@code histogram} is set, else the number {@code value}. */
public record VectorSample(
        Labels labels,
        long timestampMs,
        double value,
        @Nullable FloatHistogram histogram) {}
