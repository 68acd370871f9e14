package dev.weir.promql.value;

import dev.weir.promql.storage.SampleColumns;
import dev.weir.series.Labels;

/** The samples of one series, ascending in time, never none; floats and native histograms may alternate. */
public record MatrixSeries(Labels labels, SampleColumns samples) {}
