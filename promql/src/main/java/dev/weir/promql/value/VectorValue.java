package dev.weir.promql.value;

import java.util.List;

/** One sample of each series, in the order in which they are to be shown. */
public record VectorValue(List<VectorSample> samples) implements Value {
    public VectorValue {
        samples = List.copyOf(samples);
    }
}
