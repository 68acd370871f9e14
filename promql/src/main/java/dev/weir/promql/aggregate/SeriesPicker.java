package dev.weir.promql.aggregate;

import dev.weir.promql.ast.AggregateOperator;
import dev.weir.promql.ast.GoText;
import dev.weir.promql.ast.Span;
import dev.weir.promql.column.Column;
import dev.weir.promql.column.QueryContext;
import dev.weir.promql.column.StepSeries;
import dev.weir.promql.value.PromQlException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Aggregations whose result are series of their input: topk, bottomk, limitk and limit_ratio, decided at each step. */
public final class SeriesPicker {
    private static final double MAX_LONG = 0x1p63;

    private final AggregateOperator operator;
    private final double[] parameters;
    private final Span span;
    private final QueryContext context;

    public SeriesPicker(AggregateOperator operator, double[] parameters, Span span, QueryContext context) {
        this.operator = operator;
        this.parameters = parameters;
        this.span = span;
        this.context = context;
    }

    /**
     * What is picked out of one group. With a single step, topk and bottomk give their series in order.
     *
     * @param inputSize the number of series of all groups
     */
    public List<StepSeries> pick(List<StepSeries> group, int inputSize) {
        int steps = parameters.length;
        Column[] picked = new Column[group.size()];
        List<Integer> order = new ArrayList<>();
        for (int step = 0; step < steps; step++) {
            context.work(group.size());
            for (int index : pickAt(step, group, inputSize)) {
                if (picked[index] == null) {
                    context.hold(steps);
                    picked[index] = context.newColumn(steps);
                    order.add(index);
                }
                picked[index].copy(step, group.get(index).column(), step);
            }
        }
        List<StepSeries> result = new ArrayList<>(order.size());
        for (int index : order) {
            StepSeries series = group.get(index);
            result.add(new StepSeries(series.labels(), series.dropsName(), picked[index]));
        }
        return result;
    }

    private int[] pickAt(int step, List<StepSeries> group, int inputSize) {
        if (operator == AggregateOperator.LIMIT_RATIO) {
            return ratio(step, group);
        }
        if (group.stream().noneMatch(series -> series.column().has(step))) {
            return new int[0];
        }
        double parameter = parameters[step];
        if (!(parameter >= -MAX_LONG && parameter < MAX_LONG)) {
            throw PromQlException.execution("Scalar value " + GoText.general(parameter) + " overflows int64");
        }
        int k = (int) Math.min((long) parameter, inputSize);
        if (k < 1) {
            return new int[0];
        }
        return operator == AggregateOperator.LIMITK ? first(step, group, k) : extreme(step, group, k);
    }

    private static int[] first(int step, List<StepSeries> group, int k) {
        int[] chosen = new int[Math.min(k, group.size())];
        int size = 0;
        for (int i = 0; i < group.size() && size < k; i++) {
            if (group.get(i).column().has(step)) {
                chosen[size++] = i;
            }
        }
        return Arrays.copyOf(chosen, size);
    }

    private int[] ratio(int step, List<StepSeries> group) {
        double ratio = parameters[step];
        if (Double.isNaN(ratio)) {
            throw PromQlException.execution("Ratio value NaN is NaN");
        }
        int[] chosen = new int[group.size()];
        int size = 0;
        for (int i = 0; i < group.size(); i++) {
            if (group.get(i).column().has(step)
                    && SeriesHash.isWithin(ratio, group.get(i).labels())) {
                chosen[size++] = i;
            }
        }
        return Arrays.copyOf(chosen, size);
    }

    private int[] extreme(int step, List<StepSeries> group, int k) {
        BestValues best = new BestValues(operator == AggregateOperator.TOPK, Math.min(k, group.size()));
        for (int i = 0; i < group.size(); i++) {
            Column column = group.get(i).column();
            if (column.hasFloat(step)) {
                best.offer(i, column.value(step));
            } else {
                informIfHistogram(column, step);
            }
        }
        return best.indexes();
    }

    private void informIfHistogram(Column column, int step) {
        if (column.has(step)) {
            context.inform(span, "ignored histogram in " + operator.text() + " aggregation");
        }
    }
}
