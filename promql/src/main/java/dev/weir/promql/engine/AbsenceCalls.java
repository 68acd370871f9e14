package dev.weir.promql.engine;

import dev.weir.promql.ast.Call;
import dev.weir.promql.ast.Expr;
import dev.weir.promql.ast.MatrixSelector;
import dev.weir.promql.ast.VectorSelector;
import dev.weir.promql.column.Column;
import dev.weir.promql.column.QueryContext;
import dev.weir.promql.column.SeriesStream;
import dev.weir.promql.column.StepSeries;
import dev.weir.promql.column.Steps;
import dev.weir.promql.function.Window;
import dev.weir.series.LabelMatcher;
import dev.weir.series.Labels;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** absent and absent_over_time: one series where there is none, with the labels that the selector asked for. */
final class AbsenceCalls {
    private final Evaluator evaluator;
    private final QueryContext context;

    AbsenceCalls(Evaluator evaluator, QueryContext context) {
        this.evaluator = evaluator;
        this.context = context;
    }

    SeriesStream absent(Call call, Steps steps) {
        BitSet present = new BitSet();
        SeriesStream stream = evaluator.vector(call.arguments().get(0), steps);
        for (StepSeries series = stream.next(); series != null; series = stream.next()) {
            for (int i = 0; i < steps.count(); i++) {
                if (series.column().has(i)) {
                    present.set(i);
                }
            }
            context.recycle(series.column());
        }
        return whereAbsent(call, present, steps);
    }

    SeriesStream absentOverTime(Call call, Steps steps) {
        BitSet present = new BitSet();
        RangeInput input = evaluator.range(call.arguments().get(0), steps);
        RangeSeries source = input.source();
        Window window = new Window();
        while (source.next()) {
            window.load(source.labels(), source.samples());
            for (int i = 0; i < steps.count(); i++) {
                long endMs = input.endMs(i);
                window.moveTo(endMs - input.rangeMs(), endMs, steps.timeMs(i));
                if (!window.isEmpty()) {
                    present.set(i);
                }
            }
        }
        return whereAbsent(call, present, steps);
    }

    private static SeriesStream whereAbsent(Call call, BitSet present, Steps steps) {
        Column column = new Column(steps.count());
        for (int i = present.nextClearBit(0); i < steps.count(); i = present.nextClearBit(i + 1)) {
            column.set(i, 1);
        }
        return column.isEmpty()
                ? SeriesStream.EMPTY
                : SeriesStream.of(List.of(new StepSeries(labels(call.arguments().get(0)), false, column)));
    }

    private static Labels labels(Expr argument) {
        Expr bare = argument.unwrapped();
        if (bare instanceof MatrixSelector matrix) {
            return labels(matrix.selector().matchers());
        }
        return bare instanceof VectorSelector selector ? labels(selector.matchers()) : Labels.EMPTY;
    }

    /** What exactly one matcher wants to be equal. */
    private static Labels labels(List<LabelMatcher> matchers) {
        Labels.Builder builder = Labels.builder();
        Set<String> seen = new HashSet<>();
        for (LabelMatcher matcher : matchers) {
            if (matcher.name().equals(Labels.METRIC_NAME)) {
                continue;
            }
            if (matcher.type() == LabelMatcher.Type.EQUAL && seen.add(matcher.name())) {
                builder.set(matcher.name(), matcher.value());
            } else {
                builder.remove(matcher.name());
            }
        }
        return builder.build();
    }
}
