package dev.weir.promql.engine;

import dev.weir.promql.column.Column;
import dev.weir.promql.column.QueryContext;
import dev.weir.promql.column.SeriesStream;
import dev.weir.promql.column.StepSeries;
import dev.weir.promql.column.Steps;
import dev.weir.promql.storage.SampleColumns;
import dev.weir.series.FloatHistogram;
import dev.weir.series.FloatHistogram.ResetHint;
import dev.weir.series.Labels;

/** The values of a subquery's expression as samples. */
final class SubquerySeries implements RangeSeries {
    private final SeriesStream stream;
    private final Steps steps;
    private final QueryContext context;
    private final SampleColumns samples;
    private Labels labels = Labels.EMPTY;
    private boolean dropsName;

    SubquerySeries(SeriesStream stream, Steps steps, QueryContext context) {
        this.stream = stream;
        this.steps = steps;
        this.context = context;
        this.samples = new SampleColumns(context::hold);
    }

    @Override
    public boolean next() {
        StepSeries series = stream.next();
        if (series == null) {
            return false;
        }
        labels = series.labels();
        dropsName = series.dropsName();
        samples.clear();
        Column column = series.column();
        context.work(column.size());
        for (int i = 0; i < column.size(); i++) {
            FloatHistogram histogram = column.histogram(i);
            if (histogram != null) {
                samples.add(steps.timeMs(i), withoutCertainty(histogram));
            } else if (column.hasFloat(i)) {
                samples.add(steps.timeMs(i), column.value(i));
            }
        }
        context.recycle(column);
        return true;
    }

    @Override
    public Labels labels() {
        return labels;
    }

    @Override
    public boolean dropsName() {
        return dropsName;
    }

    @Override
    public SampleColumns samples() {
        return samples;
    }

    /** The hint spoke of the stored sample before, which may not be the one before here. */
    private static FloatHistogram withoutCertainty(FloatHistogram histogram) {
        return histogram.resetHint() == ResetHint.GAUGE ? histogram : histogram.withResetHint(ResetHint.UNKNOWN);
    }
}
