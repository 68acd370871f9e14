package dev.weir.promql.aggregate;

import dev.weir.promql.ast.Span;
import dev.weir.promql.column.Column;
import dev.weir.promql.column.QueryContext;
import dev.weir.promql.column.StepSeries;

/** Population variance or its root, by Welford's method. Histograms are passed over. */
final class VarianceFold implements GroupFold {
    private final Column squares;
    private final double[] means;
    private final double[] counts;
    private final boolean isDeviation;
    private final Span span;
    private final QueryContext context;

    VarianceFold(int steps, boolean isDeviation, Span span, QueryContext context) {
        this.squares = new Column(steps);
        this.means = new double[steps];
        this.counts = new double[steps];
        this.isDeviation = isDeviation;
        this.span = span;
        this.context = context;
    }

    @Override
    public void add(StepSeries series) {
        Column column = series.column();
        for (int i = 0; i < column.size(); i++) {
            if (column.hasFloat(i)) {
                addFloat(i, column.value(i));
            } else if (column.has(i)) {
                context.inform(span, "ignored histogram in " + (isDeviation ? "stddev" : "stdvar") + " aggregation");
            }
        }
    }

    @Override
    public Column finish() {
        for (int i = 0; i < squares.size(); i++) {
            if (squares.hasFloat(i)) {
                double variance = squares.value(i) / counts[i];
                squares.set(i, isDeviation ? Math.sqrt(variance) : variance);
            }
        }
        return squares;
    }

    private void addFloat(int step, double value) {
        counts[step]++;
        if (counts[step] == 1) {
            means[step] = value;
            squares.set(step, Double.isNaN(value) || Double.isInfinite(value) ? Double.NaN : 0);
            return;
        }
        double delta = value - means[step];
        means[step] += delta / counts[step];
        squares.set(step, squares.value(step) + delta * (value - means[step]));
    }
}
