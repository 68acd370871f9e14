package dev.weir.promql.column;

import dev.weir.series.Labels;

/** One series of an evaluation: its labels, whether its metric name is to be dropped in the end, and its values. */
public record StepSeries(Labels labels, boolean dropsName, Column column) {
    private static final int OVERHEAD_SAMPLES = 8;
    private static final long LABELS_SAMPLES = 8;

    /** How many float samples (of 16 bytes) take about as much memory, with labels and what refers to them. */
    public long sizeInSamples() {
        return column.sizeInSamples() + OVERHEAD_SAMPLES + sizeInSamples(labels);
    }

    /** The same of a set of labels alone, whose texts belong to the store. */
    public static long sizeInSamples(Labels labels) {
        return LABELS_SAMPLES + labels.size() / 2L;
    }

    public StepSeries withLabels(Labels changed) {
        return new StepSeries(changed, dropsName, column);
    }
}
