package dev.weir.promql.aggregate;

import dev.weir.promql.ast.Span;
import dev.weir.promql.column.Column;
import dev.weir.promql.column.QueryContext;
import dev.weir.promql.column.StepSeries;
import dev.weir.promql.function.Quantiles;
import dev.weir.series.StaleMarker;
import java.util.ArrayList;
import java.util.List;

/** The quantile of the floats, which are all kept until the end. Histograms are passed over. */
final class QuantileFold implements GroupFold {
    /** What an array takes beside its values. */
    private static final long ARRAY_SAMPLES = 2;

    private final int steps;
    private final double[] quantiles;
    private final Span span;
    private final QueryContext context;
    private final List<double[]> columns = new ArrayList<>();

    QuantileFold(int steps, double[] quantiles, Span span, QueryContext context) {
        this.steps = steps;
        this.quantiles = quantiles;
        this.span = span;
        this.context = context;
    }

    @Override
    public void add(StepSeries series) {
        context.hold(steps + ARRAY_SAMPLES);
        Column column = series.column();
        columns.add(column.values().clone());
        for (int i = 0; i < steps && column.mayHaveHistograms(); i++) {
            if (column.histogram(i) != null) {
                context.inform(span, "ignored histogram in quantile aggregation");
            }
        }
    }

    @Override
    public Column finish() {
        Column result = new Column(steps);
        double[] values = new double[columns.size()];
        for (int i = 0; i < steps; i++) {
            int size = 0;
            for (double[] column : columns) {
                if (!StaleMarker.isStale(column[i])) {
                    values[size++] = column[i];
                }
            }
            context.work(size);
            if (size > 0) {
                result.set(i, Quantiles.quantile(quantiles[i], values, size));
            }
        }
        context.release((long) columns.size() * (steps + ARRAY_SAMPLES));
        columns.clear();
        return result;
    }
}
