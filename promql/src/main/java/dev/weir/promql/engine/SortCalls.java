package dev.weir.promql.engine;

import dev.weir.promql.ast.Call;
import dev.weir.promql.ast.Expr;
import dev.weir.promql.ast.StringLiteral;
import dev.weir.promql.column.QueryContext;
import dev.weir.promql.column.SeriesStream;
import dev.weir.promql.column.StepSeries;
import dev.weir.promql.column.Steps;
import java.util.Comparator;
import java.util.List;

/** The sort functions. They order instant queries only; ranges are sorted by labels in the end. */
final class SortCalls {
    private SortCalls() {}

    static SeriesStream sort(Call call, SeriesStream stream, Steps steps, QueryContext context) {
        List<StepSeries> all = stream.collect(context);
        String name = call.function().name();
        boolean isDescending = name.endsWith("_desc");
        if (name.startsWith("sort_by_label")) {
            if (steps.count() == 1) {
                Comparator<StepSeries> order = byLabels(call.arguments());
                all.sort(isDescending ? order.reversed() : order);
            }
            return SeriesStream.handingOver(all, context);
        }
        for (StepSeries series : all) {
            for (int i = 0; i < steps.count(); i++) {
                if (series.column().histogram(i) != null) {
                    series.column().remove(i);
                }
            }
        }
        all.removeIf(series -> {
            boolean isEmpty = series.column().isEmpty();
            if (isEmpty) {
                context.release(series);
            }
            return isEmpty;
        });
        if (steps.count() == 1) {
            all.sort(byValue(isDescending));
        }
        return SeriesStream.handingOver(all, context);
    }

    /** NaN comes last either way. */
    private static Comparator<StepSeries> byValue(boolean isDescending) {
        return (a, b) -> {
            double x = a.column().value(0);
            double y = b.column().value(0);
            if (Double.isNaN(x) || Double.isNaN(y)) {
                return Boolean.compare(Double.isNaN(x), Double.isNaN(y));
            }
            return x == y ? 0 : (x < y) == isDescending ? 1 : -1;
        };
    }

    private static Comparator<StepSeries> byLabels(List<Expr> arguments) {
        Comparator<StepSeries> order = Comparator.comparing(StepSeries::labels);
        for (int i = arguments.size() - 1; i > 0; i--) {
            String label = ((StringLiteral) arguments.get(i).unwrapped()).value();
            Comparator<StepSeries> byLabel =
                    Comparator.comparing(series -> series.labels().getOrEmpty(label), NaturalOrder.INSTANCE);
            order = byLabel.thenComparing(order);
        }
        return order;
    }
}
