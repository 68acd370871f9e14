package dev.weir.promql.engine;

import dev.weir.promql.aggregate.GroupFold;
import dev.weir.promql.aggregate.GroupFolds;
import dev.weir.promql.aggregate.SeriesPicker;
import dev.weir.promql.ast.AggregateExpr;
import dev.weir.promql.ast.AggregateOperator;
import dev.weir.promql.ast.Expr;
import dev.weir.promql.ast.GoText;
import dev.weir.promql.ast.Span;
import dev.weir.promql.column.Column;
import dev.weir.promql.column.QueryContext;
import dev.weir.promql.column.SeriesStream;
import dev.weir.promql.column.StepSeries;
import dev.weir.promql.column.Steps;
import dev.weir.promql.function.FloatFunctions;
import dev.weir.promql.value.PromQlException;
import dev.weir.series.FloatHistogram;
import dev.weir.series.Labels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Sorts series into groups and aggregates each. */
final class AggregateEvaluator {
    private final Evaluator evaluator;
    private final QueryContext context;

    AggregateEvaluator(Evaluator evaluator, QueryContext context) {
        this.evaluator = evaluator;
        this.context = context;
    }

    SeriesStream evaluate(AggregateExpr expr, Steps steps) {
        Expr parameter = expr.parameter();
        if (expr.operator() == AggregateOperator.COUNT_VALUES && parameter != null) {
            return countValues(expr, evaluator.string(parameter), steps);
        }
        double[] parameters = parameter == null ? new double[0] : evaluator.scalar(parameter, steps);
        if (parameter != null) {
            annotate(expr.operator(), parameters, parameter.unwrapped().span());
        }
        Grouping grouping = new Grouping(expr);
        return expr.operator().selectsSeries()
                ? pick(expr, grouping, parameters, steps)
                : fold(expr, grouping, parameters, steps);
    }

    private SeriesStream fold(AggregateExpr expr, Grouping grouping, double[] parameters, Steps steps) {
        Map<Labels, Group> groups = new LinkedHashMap<>();
        SeriesStream stream = evaluator.vector(expr.expr(), steps);
        for (StepSeries series = stream.next(); series != null; series = stream.next()) {
            Labels key = grouping.of(series.labels());
            Group group = groups.get(key);
            if (group == null) {
                GroupFold fold = GroupFolds.create(
                        expr.operator(), steps.count(), parameters, expr.expr().span(), context);
                group = new Group(fold, series.dropsName());
                context.hold(StepSeries.sizeInSamples(key));
                groups.put(key, group);
            }
            group.fold.add(series);
            context.work(steps.count());
            context.recycle(series.column());
        }
        List<StepSeries> results = new ArrayList<>(groups.size());
        groups.forEach((labels, group) -> {
            StepSeries result = new StepSeries(labels, group.dropsName, group.fold.finish());
            context.release(GroupFolds.sizeInSamples(steps.count()) + StepSeries.sizeInSamples(labels));
            if (!result.column().isEmpty()) {
                context.hold(result);
                results.add(result);
            }
        });
        return SeriesStream.handingOver(results, context);
    }

    private SeriesStream pick(AggregateExpr expr, Grouping grouping, double[] parameters, Steps steps) {
        List<StepSeries> input = evaluator.vector(expr.expr(), steps).collect(context);
        Map<Labels, List<StepSeries>> groups = new LinkedHashMap<>();
        for (StepSeries series : input) {
            groups.computeIfAbsent(grouping.of(series.labels()), key -> new ArrayList<>())
                    .add(series);
        }
        if (picksNothing(expr.operator(), parameters)) {
            return SeriesStream.EMPTY;
        }
        SeriesPicker picker = new SeriesPicker(expr.operator(), parameters, expr.span(), context);
        List<StepSeries> results = new ArrayList<>();
        groups.forEach((key, group) -> results.addAll(picker.pick(group, input.size())));
        input.forEach(context::release);
        for (StepSeries result : results) {
            context.hold(result.sizeInSamples() - steps.count());
        }
        return SeriesStream.handingOver(results, context);
    }

    private static boolean picksNothing(AggregateOperator operator, double[] parameters) {
        return operator == AggregateOperator.LIMIT_RATIO
                ? Arrays.stream(parameters).allMatch(ratio -> ratio == 0)
                : Arrays.stream(parameters).reduce(-Double.MAX_VALUE, FloatFunctions::greater) < 1;
    }

    private SeriesStream countValues(AggregateExpr expr, String valueLabel, Steps steps) {
        if (!isValidLabelName(valueLabel)) {
            throw PromQlException.execution("invalid label name " + GoText.quote(valueLabel));
        }
        Grouping grouping = new Grouping(expr, valueLabel);
        Map<Labels, ValueCount> counts = new LinkedHashMap<>();
        SeriesStream stream = evaluator.vector(expr.expr(), steps);
        for (StepSeries series = stream.next(); series != null; series = stream.next()) {
            Column column = series.column();
            Map<String, Labels> keys = new HashMap<>();
            for (int i = 0; i < column.size(); i++) {
                if (!column.has(i)) {
                    continue;
                }
                Labels labels = series.labels();
                Labels key = keys.computeIfAbsent(
                        text(column, i),
                        text -> grouping.of(
                                labels.toBuilder().set(valueLabel, text).build()));
                boolean dropsName = series.dropsName();
                counts.computeIfAbsent(key, k -> {
                            context.hold(ValueCount.SIZE_IN_SAMPLES);
                            return new ValueCount(dropsName);
                        })
                        .add(i);
                context.hold(1);
            }
            context.work(column.size());
            context.recycle(column);
        }
        Iterator<Map.Entry<Labels, ValueCount>> results = counts.entrySet().iterator();
        return () -> {
            if (!results.hasNext()) {
                return null;
            }
            Map.Entry<Labels, ValueCount> result = results.next();
            context.work(steps.count());
            return result.getValue().series(result.getKey(), context.newColumn(steps.count()));
        };
    }

    private static String text(Column column, int step) {
        FloatHistogram histogram = column.histogram(step);
        return histogram == null ? GoText.plain(column.value(step)) : histogram.toString();
    }

    private void annotate(AggregateOperator operator, double[] parameters, Span span) {
        double least = Arrays.stream(parameters).reduce(Double.MAX_VALUE, FloatFunctions::lesser);
        double greatest = Arrays.stream(parameters).reduce(-Double.MAX_VALUE, FloatFunctions::greater);
        if (operator == AggregateOperator.QUANTILE) {
            String problem = "quantile value should be between 0 and 1, got ";
            if (Arrays.stream(parameters).anyMatch(Double::isNaN)) {
                context.warn(span, problem + "NaN");
            }
            if (greatest > 1) {
                context.warn(span, problem + GoText.general(greatest));
            }
            if (least < 0) {
                context.warn(span, problem + GoText.general(least));
            }
        } else if (operator == AggregateOperator.LIMIT_RATIO) {
            String problem = "ratio value should be between -1 and 1, got ";
            if (greatest > 1) {
                context.warn(span, problem + GoText.general(greatest) + ", capping to 1");
            }
            if (least < -1) {
                context.warn(span, problem + GoText.general(least) + ", capping to -1");
            }
        }
    }

    private static boolean isValidLabelName(String name) {
        return !name.isEmpty()
                && name.codePoints().noneMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
    }

    private record Group(GroupFold fold, boolean dropsName) {}

    /** The steps at which a value was seen, each as often as it was. Most values are seen at few of all the steps. */
    private static final class ValueCount {
        /** With its labels, about. */
        static final int SIZE_IN_SAMPLES = 16;

        private final boolean dropsName;
        private int[] seenAt = new int[4];
        private int size;

        ValueCount(boolean dropsName) {
            this.dropsName = dropsName;
        }

        void add(int step) {
            if (size == seenAt.length) {
                seenAt = Arrays.copyOf(seenAt, size * 2);
            }
            seenAt[size++] = step;
        }

        StepSeries series(Labels labels, Column column) {
            for (int i = 0; i < size; i++) {
                int step = seenAt[i];
                column.set(step, column.hasFloat(step) ? column.value(step) + 1 : 1);
            }
            return new StepSeries(labels, dropsName, column);
        }
    }

    /** Which labels a group has. */
    private static final class Grouping {
        private final boolean without;
        private final Set<String> names;

        Grouping(AggregateExpr expr) {
            this.without = expr.without();
            this.names = new HashSet<>(expr.grouping());
            if (without) {
                names.add(Labels.METRIC_NAME);
            }
        }

        /** As the expression says, and by one label more. */
        Grouping(AggregateExpr expr, String label) {
            this(expr);
            if (!without) {
                names.add(label);
            }
        }

        Labels of(Labels labels) {
            if (without) {
                return labels.without(names);
            }
            return names.isEmpty() ? Labels.EMPTY : labels.only(names);
        }
    }
}
