package dev.weir.promql.engine;

import dev.weir.promql.ast.Call;
import dev.weir.promql.ast.Expr;
import dev.weir.promql.ast.GoText;
import dev.weir.promql.ast.ValueType;
import dev.weir.promql.ast.VectorSelector;
import dev.weir.promql.column.Column;
import dev.weir.promql.column.QueryContext;
import dev.weir.promql.column.SeriesStream;
import dev.weir.promql.column.StepSeries;
import dev.weir.promql.column.Steps;
import dev.weir.promql.function.FloatFunctions;
import dev.weir.promql.function.FloatLoop;
import dev.weir.promql.function.NativeHistograms;
import dev.weir.promql.function.RangeArguments;
import dev.weir.promql.function.RangeFunction;
import dev.weir.promql.function.RangeFunctions;
import dev.weir.promql.function.Window;
import dev.weir.series.FloatHistogram;
import dev.weir.series.Labels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** Function calls: feeds functions with columns and windows. */
final class CallEvaluator {
    private final Evaluator evaluator;
    private final SelectorEvaluator selectors;
    private final QueryContext context;
    private final LabelCalls labels;
    private final HistogramCalls histograms;
    private final AbsenceCalls absences;
    private final InfoCall info;

    CallEvaluator(Evaluator evaluator, SelectorEvaluator selectors, QueryContext context) {
        this.evaluator = evaluator;
        this.selectors = selectors;
        this.context = context;
        this.labels = new LabelCalls(evaluator, context);
        this.histograms = new HistogramCalls(evaluator, context);
        this.absences = new AbsenceCalls(evaluator, context);
        this.info = new InfoCall(evaluator, selectors, context);
    }

    double[] scalar(Call call, Steps steps) {
        double[] values = new double[steps.count()];
        switch (call.function().name()) {
            case "time" -> Arrays.setAll(values, i -> steps.timeMs(i) / 1000.0);
            case "pi" -> Arrays.fill(values, Math.PI);
            case "scalar" -> onlyFloat(evaluator.vector(argument(call, 0), steps), values);
            default -> throw new IllegalStateException(call.function().name() + " gives no scalar");
        }
        return values;
    }

    SeriesStream vector(Call call, Steps steps) {
        String name = call.function().name();
        if (RangeFunctions.contains(name)) {
            return overRange(call, steps);
        }
        DoubleUnaryOperator math = FloatFunctions.math(name);
        if (math != null) {
            return floats(call, steps, (value, step) -> math.applyAsDouble(value));
        }
        DoubleUnaryOperator calendar = FloatFunctions.calendar(name);
        if (calendar != null) {
            return calendar(call, steps, calendar);
        }
        ToDoubleFunction<FloatHistogram> histogram = NativeHistograms.byName(name);
        if (histogram != null) {
            return histograms.each(call, steps, histogram);
        }
        return switch (name) {
            case "absent" -> absences.absent(call, steps);
            case "absent_over_time" -> absences.absentOverTime(call, steps);
            case "clamp", "clamp_max", "clamp_min" -> clamp(call, steps);
            case "round" -> round(call, steps);
            case "vector" -> single(evaluator.scalar(argument(call, 0), steps));
            case "timestamp" -> timestamp(call, steps);
            case "histogram_quantile" -> histograms.quantile(call, steps);
            case "histogram_fraction" -> histograms.fraction(call, steps);
            case "label_replace" -> labels.replace(call, steps);
            case "label_join" -> labels.join(call, steps);
            case "sort", "sort_desc", "sort_by_label", "sort_by_label_desc" ->
                SortCalls.sort(call, evaluator.vector(argument(call, 0), steps), steps, context);
            case "info" -> info.evaluate(call, steps);
            default -> throw new IllegalStateException("function " + name + " has no evaluation");
        };
    }

    private SeriesStream overRange(Call call, Steps steps) {
        int rangeIndex = call.arguments().get(0).type() == ValueType.MATRIX ? 0 : 1;
        List<double[]> parameters = new ArrayList<>();
        for (int i = 0; i < call.arguments().size(); i++) {
            if (i != rangeIndex) {
                parameters.add(evaluator.scalar(argument(call, i), steps));
            }
        }
        Expr range = argument(call, rangeIndex);
        String name = call.function().name();
        RangeArguments arguments =
                new RangeArguments(evaluator.span(call, rangeIndex), parameters, evaluator.span(call, 0), context);
        RangeFunction function = RangeFunctions.create(name, arguments);
        RangeInput input = evaluator.range(range, steps);
        boolean wantsCounter = name.equals("rate") || name.equals("increase");
        SeriesStream stream = windows(input, function, wantsCounter ? arguments : null);
        return function.keepsName() || input.source().staysUniqueWithoutNames()
                ? stream
                : NameDropping.rejecting(stream, context);
    }

    private SeriesStream windows(RangeInput input, RangeFunction function, @Nullable RangeArguments counter) {
        Window window = new Window();
        RangeSeries source = input.source();
        Supplier<FloatLoop> loops = function.loops(input, context);
        if (loops != null) {
            source.computeAhead(loops, input.count());
        }
        return () -> {
            while (source.next()) {
                context.work(input.count());
                Column result = source.computed();
                if (result == null) {
                    window.load(source.labels(), source.samples());
                    result = context.newColumn(input.count());
                    function.applyAll(window, input, result, context);
                }
                if (result.isEmpty()) {
                    context.recycle(result);
                    continue;
                }
                if (counter != null) {
                    informIfNoCounter(counter, source.labels(), result);
                }
                return function.keepsName()
                        ? new StepSeries(source.labels(), false, result)
                        : context.withoutName(source.labels(), result);
            }
            return null;
        };
    }

    private void informIfNoCounter(RangeArguments arguments, Labels series, Column result) {
        String name = series.metricName();
        boolean looksLikeCounter = name.isEmpty()
                || name.endsWith("_total")
                || name.endsWith("_sum")
                || name.endsWith("_count")
                || name.endsWith("_bucket");
        if (looksLikeCounter) {
            return;
        }
        for (int i = 0; i < result.size(); i++) {
            if (result.hasFloat(i)) {
                context.inform(
                        arguments.firstSpan(),
                        "metric might not be a counter, name does not end in _total/_sum/_count/_bucket: "
                                + GoText.quote(name));
                return;
            }
        }
    }

    /** A function of a float at a step. */
    private interface FloatMapping {
        double apply(double value, int step);
    }

    private SeriesStream floats(Call call, Steps steps, FloatMapping mapping) {
        SeriesStream stream = evaluator.vector(argument(call, 0), steps);
        return NameDropping.merging(mapped(stream, mapping), false, context);
    }

    private SeriesStream mapped(SeriesStream stream, FloatMapping mapping) {
        return () -> {
            for (StepSeries series = stream.next(); series != null; series = stream.next()) {
                Column column = series.column();
                boolean any = false;
                for (int i = 0; i < column.size(); i++) {
                    if (column.hasFloat(i)) {
                        column.set(i, mapping.apply(column.value(i), i));
                        any = true;
                    } else {
                        column.remove(i);
                    }
                }
                context.work(column.size());
                if (any) {
                    return context.withoutName(series, column);
                }
                context.recycle(column);
            }
            return null;
        };
    }

    private SeriesStream calendar(Call call, Steps steps, DoubleUnaryOperator calendar) {
        if (!call.arguments().isEmpty()) {
            return floats(call, steps, (value, step) -> calendar.applyAsDouble(value));
        }
        double[] values = new double[steps.count()];
        Arrays.setAll(values, i -> calendar.applyAsDouble((double) Math.floorDiv(steps.timeMs(i), 1000)));
        return single(values);
    }

    private SeriesStream clamp(Call call, Steps steps) {
        String name = call.function().name();
        double[] first = evaluator.scalar(argument(call, 1), steps);
        double[] least = name.equals("clamp_max") ? constant(Double.NEGATIVE_INFINITY, steps) : first;
        double[] greatest = switch (name) {
            case "clamp" -> evaluator.scalar(argument(call, 2), steps);
            case "clamp_max" -> first;
            default -> constant(Double.POSITIVE_INFINITY, steps);
        };
        SeriesStream stream = evaluator.vector(argument(call, 0), steps);
        SeriesStream possible = () -> {
            StepSeries series = stream.next();
            for (int i = 0; series != null && i < steps.count(); i++) {
                if (greatest[i] < least[i]) {
                    series.column().remove(i);
                }
            }
            return series;
        };
        SeriesStream clamped =
                mapped(possible, (value, step) -> FloatFunctions.clamp(value, least[step], greatest[step]));
        return NameDropping.merging(clamped, false, context);
    }

    private SeriesStream round(Call call, Steps steps) {
        double[] nearest =
                call.arguments().size() > 1 ? evaluator.scalar(argument(call, 1), steps) : constant(1, steps);
        return floats(call, steps, (value, step) -> FloatFunctions.round(value, nearest[step]));
    }

    private SeriesStream timestamp(Call call, Steps steps) {
        Expr argument = argument(call, 0);
        SeriesStream stream = argument instanceof VectorSelector selector
                ? selectors.instant(selector, steps, true)
                : evaluationTimes(evaluator.vector(argument, steps), steps);
        return NameDropping.merging(mapped(stream, (value, step) -> value), false, context);
    }

    private static SeriesStream evaluationTimes(SeriesStream stream, Steps steps) {
        return () -> {
            StepSeries series = stream.next();
            for (int i = 0; series != null && i < steps.count(); i++) {
                if (series.column().has(i)) {
                    series.column().set(i, steps.timeMs(i) / 1000.0);
                }
            }
            return series;
        };
    }

    private void onlyFloat(SeriesStream stream, double[] values) {
        int[] found = new int[values.length];
        Arrays.fill(values, Double.NaN);
        for (StepSeries series = stream.next(); series != null; series = stream.next()) {
            Column column = series.column();
            for (int i = 0; i < values.length; i++) {
                if (column.hasFloat(i)) {
                    found[i]++;
                    values[i] = found[i] == 1 ? column.value(i) : Double.NaN;
                }
            }
            context.recycle(column);
        }
    }

    private static SeriesStream single(double[] values) {
        return SeriesStream.of(List.of(new StepSeries(Labels.EMPTY, false, new Column(values))));
    }

    private static double[] constant(double value, Steps steps) {
        double[] values = new double[steps.count()];
        Arrays.fill(values, value);
        return values;
    }

    private static Expr argument(Call call, int index) {
        return call.arguments().get(index).unwrapped();
    }
}
