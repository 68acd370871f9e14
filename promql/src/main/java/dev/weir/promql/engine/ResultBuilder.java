package dev.weir.promql.engine;

import dev.weir.promql.ast.AggregateExpr;
import dev.weir.promql.ast.AggregateOperator;
import dev.weir.promql.ast.BinaryExpr;
import dev.weir.promql.ast.Call;
import dev.weir.promql.ast.Expr;
import dev.weir.promql.ast.StringLiteral;
import dev.weir.promql.ast.UnaryExpr;
import dev.weir.promql.ast.ValueType;
import dev.weir.promql.column.Column;
import dev.weir.promql.column.QueryContext;
import dev.weir.promql.column.SeriesMerger;
import dev.weir.promql.column.SeriesStream;
import dev.weir.promql.column.StepSeries;
import dev.weir.promql.column.Steps;
import dev.weir.promql.storage.SampleColumns;
import dev.weir.promql.value.MatrixSeries;
import dev.weir.promql.value.MatrixValue;
import dev.weir.promql.value.PromQlException;
import dev.weir.promql.value.ScalarValue;
import dev.weir.promql.value.StringValue;
import dev.weir.promql.value.Value;
import dev.weir.promql.value.VectorSample;
import dev.weir.promql.value.VectorValue;
import dev.weir.series.FloatHistogram;
import dev.weir.series.Labels;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Turns streams of series into the values that callers see: names dropped, no two label sets alike, sorted. */
final class ResultBuilder {
    private final Evaluator evaluator;
    private final QueryContext context;
    private final Set<Labels> seen = new HashSet<>();

    ResultBuilder(Evaluator evaluator, QueryContext context) {
        this.evaluator = evaluator;
        this.context = context;
    }

    Value instant(Expr expr, Steps steps, long reportedMs) {
        return switch (expr.type()) {
            case SCALAR -> new ScalarValue(reportedMs, evaluator.scalar(expr, steps)[0]);
            case STRING -> new StringValue(reportedMs, ((StringLiteral) expr.unwrapped()).value());
            case VECTOR -> vector(expr, steps, reportedMs);
            case MATRIX -> matrix(evaluator.range(expr, steps));
        };
    }

    Value range(Expr expr, Steps evaluated, Steps reported) {
        List<MatrixSeries> result = new ArrayList<>();
        if (expr.type() == ValueType.SCALAR) {
            Column column = new Column(evaluator.scalar(expr, evaluated));
            result.add(new MatrixSeries(Labels.EMPTY, samples(column, reported)));
            return new MatrixValue(result);
        }
        SeriesStream stream = evaluator.vector(expr, evaluated);
        for (StepSeries series = stream.next(); series != null; series = stream.next()) {
            if (series.column().isEmpty()) {
                continue;
            }
            SampleColumns samples = samples(series.column(), reported);
            context.hold(samples.sizeInSamples() + StepSeries.sizeInSamples(series.labels()));
            result.add(new MatrixSeries(finalLabels(series), samples));
            context.recycle(series.column());
        }
        result.sort(Comparator.comparing(MatrixSeries::labels));
        return new MatrixValue(result);
    }

    private VectorValue vector(Expr expr, Steps steps, long reportedMs) {
        List<VectorSample> samples = new ArrayList<>();
        SeriesStream stream = evaluator.vector(expr, steps);
        for (StepSeries series = stream.next(); series != null; series = stream.next()) {
            Column column = series.column();
            if (column.has(0)) {
                context.hold(series);
                FloatHistogram histogram = column.histogram(0);
                double value = histogram == null ? column.value(0) : 0;
                samples.add(new VectorSample(finalLabels(series), reportedMs, value, histogram));
            }
            context.recycle(column);
        }
        if (!hasOrder(expr)) {
            samples.sort(Comparator.comparing(VectorSample::labels));
        }
        return new VectorValue(samples);
    }

    private MatrixValue matrix(RangeInput input) {
        List<MatrixSeries> result = new ArrayList<>();
        long endMs = input.endMs(0);
        RangeSeries source = input.source();
        while (source.next()) {
            SampleColumns inWindow = new SampleColumns();
            SampleColumns all = source.samples();
            for (int i = 0; i < all.size(); i++) {
                long timestampMs = all.timestampMs(i);
                if (timestampMs <= endMs - input.rangeMs() || timestampMs > endMs) {
                    continue;
                }
                append(inWindow, timestampMs, all.value(i), all.histogram(i));
            }
            if (inWindow.size() > 0) {
                context.hold(inWindow.sizeInSamples() + StepSeries.sizeInSamples(source.labels()));
                Labels labels = source.dropsName() ? QueryContext.withoutIdentity(source.labels()) : source.labels();
                requireUnique(labels);
                result.add(new MatrixSeries(labels, inWindow));
            }
        }
        result.sort(Comparator.comparing(MatrixSeries::labels));
        return new MatrixValue(result);
    }

    private Labels finalLabels(StepSeries series) {
        Labels labels = series.dropsName() ? QueryContext.withoutIdentity(series.labels()) : series.labels();
        requireUnique(labels);
        return labels;
    }

    private void requireUnique(Labels labels) {
        if (!seen.add(labels)) {
            throw PromQlException.execution(SeriesMerger.DUPLICATE);
        }
    }

    private static SampleColumns samples(Column column, Steps reported) {
        SampleColumns samples = new SampleColumns();
        samples.reserve(column.size());
        for (int i = 0; i < column.size(); i++) {
            if (column.has(i)) {
                append(samples, reported.timeMs(i), column.value(i), column.histogram(i));
            }
        }
        return samples;
    }

    private static void append(
            SampleColumns samples, long timestampMs, double value, @Nullable FloatHistogram histogram) {
        if (histogram != null) {
            samples.add(timestampMs, histogram);
        } else {
            samples.add(timestampMs, value);
        }
    }

    /** Whether the query itself says in which order it wants its samples. */
    private static boolean hasOrder(Expr expr) {
        Expr bare = expr.unwrapped();
        if (bare instanceof AggregateExpr aggregate) {
            return aggregate.operator() == AggregateOperator.TOPK || aggregate.operator() == AggregateOperator.BOTTOMK;
        }
        if (bare instanceof UnaryExpr unary) {
            return hasOrder(unary.expr());
        }
        if (bare instanceof BinaryExpr binary) {
            boolean leftIsScalar = binary.left().type() == ValueType.SCALAR;
            boolean rightIsScalar = binary.right().type() == ValueType.SCALAR;
            return leftIsScalar != rightIsScalar && hasOrder(leftIsScalar ? binary.right() : binary.left());
        }
        return bare instanceof Call call
                && (call.function().name().startsWith("sort")
                        || (!call.arguments().isEmpty()
                                && call.arguments().get(0).type() == ValueType.VECTOR
                                && hasOrder(call.arguments().get(0))));
    }
}
