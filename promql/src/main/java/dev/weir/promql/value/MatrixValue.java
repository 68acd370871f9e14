package dev.weir.promql.value;

import java.util.List;

/** Samples of several series over time, sorted by labels in byte order. */
public record MatrixValue(List<MatrixSeries> series) implements Value {
    public MatrixValue {
        series = List.copyOf(series);
    }
}
