package dev.weir.promql.aggregate;

import dev.weir.promql.ast.Span;
import dev.weir.promql.column.Column;
import dev.weir.promql.column.QueryContext;
import dev.weir.promql.column.StepSeries;
import dev.weir.series.FloatHistogram;
import dev.weir.series.IncompatibleHistogramsException;
import dev.weir.series.StaleMarker;
import org.jspecify.annotations.Nullable;

/** Sums floats with Neumaier's compensation, and native histograms. */
final class SumFold implements GroupFold {
    private final double[] compensations;
    private final Column sums;
    private final HistogramMix mix;
    private boolean isEmpty = true;

    SumFold(int steps, Span span, QueryContext context) {
        this.compensations = new double[steps];
        this.sums = new Column(steps);
        this.mix = new HistogramMix(steps, span, context);
    }

    @Override
    public void add(StepSeries series) {
        Column column = series.column();
        double[] added = column.values();
        double[] totals = sums.values();
        if (column.isFull() && isEmpty) {
            System.arraycopy(added, 0, totals, 0, added.length);
            sums.setFull();
        } else if (column.isFull() && sums.isFull()) {
            addEverywhere(added, totals);
        } else {
            addWhereThereAre(added, totals);
        }
        isEmpty = false;
        if (column.mayHaveHistograms()) {
            for (int i = 0; i < added.length; i++) {
                addHistogram(i, column.histogram(i), series);
            }
        }
    }

    /**
     * The rounding error by Knuth's six operations, which is the same number as by Neumaier's comparison, without a branch.
     * Where a sum became infinite it is no number, and not added in the end.
     */
    private void addEverywhere(double[] added, double[] totals) {
        double[] errors = compensations;
        for (int i = 0; i < added.length; i++) {
            double total = totals[i];
            double value = added[i];
            double sum = total + value;
            double valueInSum = sum - total;
            errors[i] += (total - (sum - valueInSum)) + (value - valueInSum);
            totals[i] = sum;
        }
    }

    private void addWhereThereAre(double[] added, double[] totals) {
        for (int i = 0; i < added.length; i++) {
            double value = added[i];
            if (StaleMarker.isStale(value)) {
                continue;
            }
            double total = totals[i];
            if (StaleMarker.isStale(total)) {
                totals[i] = value;
                continue;
            }
            double sum = total + value;
            if (Double.isInfinite(sum)) {
                compensations[i] = 0;
            } else if (Math.abs(total) >= Math.abs(value)) {
                compensations[i] += (total - sum) + value;
            } else {
                compensations[i] += (value - sum) + total;
            }
            totals[i] = sum;
        }
    }

    private void addHistogram(int step, @Nullable FloatHistogram histogram, StepSeries series) {
        if (histogram == null || mix.isIncompatible(step)) {
            return;
        }
        FloatHistogram total = mix.histogram(step);
        try {
            mix.set(step, total == null ? histogram : total.plus(histogram));
        } catch (IncompatibleHistogramsException e) {
            mix.setIncompatible(step, e, series.labels().metricName());
        }
    }

    @Override
    public Column finish() {
        for (int i = 0; i < sums.size(); i++) {
            if (sums.hasFloat(i) && !Double.isInfinite(sums.value(i))) {
                sums.set(i, sums.value(i) + compensations[i]);
            }
        }
        mix.finish(sums);
        return sums;
    }
}
