package dev.weir.promql.aggregate;

import dev.weir.promql.ast.Span;
import dev.weir.promql.column.Column;
import dev.weir.promql.column.QueryContext;
import dev.weir.promql.column.StepSeries;
import dev.weir.series.FloatHistogram;
import dev.weir.series.IncompatibleHistogramsException;
import java.util.BitSet;

/** Averages: sum over count, or, once the sum overflows, the mean updated with each value. */
final class AverageFold implements GroupFold {
    /** The sum, or the mean where {@link #isIncremental} says so. */
    private final Column totals;

    private final double[] compensations;
    private final double[] counts;
    private final BitSet isIncremental = new BitSet();
    private final HistogramMix mix;

    AverageFold(int steps, Span span, QueryContext context) {
        this.totals = new Column(steps);
        this.compensations = new double[steps];
        this.counts = new double[steps];
        this.mix = new HistogramMix(steps, span, context);
    }

    @Override
    public void add(StepSeries series) {
        Column column = series.column();
        for (int i = 0; i < column.size(); i++) {
            FloatHistogram histogram = column.histogram(i);
            if (histogram != null) {
                counts[i]++;
                addHistogram(i, histogram, series);
            } else if (column.hasFloat(i)) {
                counts[i]++;
                addFloat(i, column.value(i));
            }
        }
    }

    @Override
    public Column finish() {
        for (int i = 0; i < totals.size(); i++) {
            if (totals.hasFloat(i)) {
                totals.set(
                        i,
                        isIncremental.get(i)
                                ? totals.value(i) + compensations[i]
                                : totals.value(i) / counts[i] + compensations[i] / counts[i]);
            }
        }
        mix.finish(totals);
        return totals;
    }

    private void addFloat(int step, double value) {
        if (!totals.hasFloat(step)) {
            totals.set(step, value);
            return;
        }
        double total = totals.value(step);
        double count = counts[step];
        if (!isIncremental.get(step)) {
            double sum = total + value;
            if (!Double.isInfinite(sum)) {
                compensations[step] += compensation(total, value, sum);
                totals.set(step, sum);
                return;
            }
            isIncremental.set(step);
            total /= count - 1;
            compensations[step] /= count - 1;
        }
        double weight = (count - 1) / count;
        double weighted = weight * total;
        double part = value / count;
        double mean = weighted + part;
        compensations[step] =
                Double.isInfinite(mean) ? 0 : weight * compensations[step] + compensation(weighted, part, mean);
        totals.set(step, mean);
    }

    private void addHistogram(int step, FloatHistogram histogram, StepSeries series) {
        if (mix.isIncompatible(step)) {
            return;
        }
        FloatHistogram mean = mix.histogram(step);
        try {
            mix.set(
                    step,
                    mean == null
                            ? histogram
                            : mean.plus(histogram.dividedBy(counts[step]).minus(mean.dividedBy(counts[step]))));
        } catch (IncompatibleHistogramsException e) {
            mix.setIncompatible(step, e, series.labels().metricName());
        }
    }

    private static double compensation(double total, double value, double sum) {
        return Math.abs(total) >= Math.abs(value) ? (total - sum) + value : (value - sum) + total;
    }
}
