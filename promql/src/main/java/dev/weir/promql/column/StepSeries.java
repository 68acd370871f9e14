package dev.weir.promql.column;

import dev.weir.series.Labels;

/** One series of an evaluation: its labels, whether its metric name is to be dropped in the end, and its values. */
public record StepSeries(Labels labels, boolean dropsName, Column column) {
    public StepSeries withLabels(Labels changed) {
        return new StepSeries(changed, dropsName, column);
    }
}
