package dev.weir.promql.aggregate;

import dev.weir.promql.ast.Span;
import dev.weir.promql.column.Column;
import dev.weir.promql.column.QueryContext;
import dev.weir.promql.column.StepSeries;

/** The least or greatest float; NaN only if there is nothing else. Histograms are passed over. */
final class ExtremumFold implements GroupFold {
    private final Column extrema;
    private final boolean isMaximum;
    private final Span span;
    private final QueryContext context;

    ExtremumFold(int steps, boolean isMaximum, Span span, QueryContext context) {
        this.extrema = new Column(steps);
        this.isMaximum = isMaximum;
        this.span = span;
        this.context = context;
    }

    @Override
    public void add(StepSeries series) {
        Column column = series.column();
        for (int i = 0; i < column.size(); i++) {
            if (column.hasFloat(i)) {
                double value = column.value(i);
                double extremum = extrema.value(i);
                boolean isFirst = !extrema.hasFloat(i);
                if (isFirst || Double.isNaN(extremum) || (isMaximum ? extremum < value : extremum > value)) {
                    extrema.set(i, value);
                }
            } else if (column.has(i)) {
                context.inform(span, "ignored histogram in " + (isMaximum ? "max" : "min") + " aggregation");
            }
        }
    }

    @Override
    public Column finish() {
        return extrema;
    }
}
