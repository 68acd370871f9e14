package dev.weir.promql.engine;

import dev.weir.promql.ast.AggregateExpr;
import dev.weir.promql.ast.BinaryExpr;
import dev.weir.promql.ast.Call;
import dev.weir.promql.ast.Expr;
import dev.weir.promql.ast.ExprVisitor;
import dev.weir.promql.ast.MatrixSelector;
import dev.weir.promql.ast.NumberLiteral;
import dev.weir.promql.ast.ParenExpr;
import dev.weir.promql.ast.Span;
import dev.weir.promql.ast.StringLiteral;
import dev.weir.promql.ast.SubqueryExpr;
import dev.weir.promql.ast.TimeModifier;
import dev.weir.promql.ast.UnaryExpr;
import dev.weir.promql.ast.ValueType;
import dev.weir.promql.ast.VectorSelector;
import dev.weir.promql.column.Column;
import dev.weir.promql.column.QueryContext;
import dev.weir.promql.column.SeriesStream;
import dev.weir.promql.column.StepSeries;
import dev.weir.promql.column.Steps;
import dev.weir.promql.storage.Queryable;
import dev.weir.promql.value.PromQlException;
import dev.weir.series.FloatHistogram;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Evaluates expressions over all steps at once: scalars to arrays, vectors to streams of columns, range vectors to
 * streams of samples with windows. What is the same at every step is evaluated once.
 */
final class Evaluator {
    private final EngineOptions options;
    private final QueryContext context;
    private final Bounds bounds;
    private final SelectorEvaluator selectors;
    private final CallEvaluator calls;
    private final AggregateEvaluator aggregates;
    private final BinaryEvaluator binaries;
    private final StepInvariance invariance = new StepInvariance();
    private final SharedVectors shared;

    /** What {@code @ start()} and {@code @ end()} mean. */
    record Bounds(long startMs, long endMs) {}

    Evaluator(Queryable queryable, EngineOptions options, QueryContext context, Bounds bounds, Expr query) {
        this.options = options;
        this.context = context;
        this.bounds = bounds;
        this.selectors = new SelectorEvaluator(queryable, options, context, this);
        this.calls = new CallEvaluator(this, selectors, context);
        this.aggregates = new AggregateEvaluator(this, context);
        this.binaries = new BinaryEvaluator(this, context);
        this.shared = new SharedVectors(new SharingPlan(query, invariance), context);
    }

    QueryContext context() {
        return context;
    }

    /** The value at every step of an expression of scalar type. The array is the caller's own. */
    double[] scalar(Expr expr, Steps steps) {
        if (steps.count() > 1 && invariance.isInvariant(expr)) {
            double[] values = new double[steps.count()];
            Arrays.fill(values, expr.accept(new ScalarVisitor(Steps.at(steps.firstMs())))[0]);
            return values;
        }
        return expr.accept(new ScalarVisitor(steps));
    }

    /** The series of an expression of vector type. */
    SeriesStream vector(Expr expr, Steps steps) {
        context.work(steps.count());
        if (steps.count() == 1 || !invariance.isInvariant(expr)) {
            return shared.get(expr, () -> expr.accept(new VectorVisitor(steps)));
        }
        SeriesStream once = vector(expr, Steps.at(steps.firstMs()));
        return () -> {
            StepSeries series = once.next();
            return series == null
                    ? null
                    : new StepSeries(
                            series.labels(), series.dropsName(), series.column().broadcast(steps.count()));
        };
    }

    /** The samples and windows of an expression of range vector type. */
    RangeInput range(Expr expr, Steps steps) {
        Expr bare = expr.unwrapped();
        if (bare instanceof MatrixSelector matrix) {
            return selectors.range(matrix, steps);
        }
        return subquery((SubqueryExpr) bare, steps);
    }

    /**
     * Where annotations say that an argument stands, as in Prometheus: without its parentheses unless it alone is the
     * same at every step, and at the start of the query if it is a subquery.
     */
    Span span(Call call, int index) {
        Expr argument = call.arguments().get(index);
        Span bare = argument.unwrapped().span();
        if (argument.unwrapped() instanceof SubqueryExpr) {
            return new Span(0, bare.end());
        }
        return invariance.isInvariant(argument) && !invariance.isInvariant(call) ? argument.span() : bare;
    }

    String string(Expr expr) {
        return ((StringLiteral) expr.unwrapped()).value();
    }

    /** The time that {@code @} fixes, null without one. */
    @Nullable
    Long fixedTimeMs(TimeModifier time) {
        if (time.at() instanceof TimeModifier.AtTime fixed) {
            return fixed.timestampMs();
        }
        if (time.at() instanceof TimeModifier.AtBound bound) {
            return bound.isEnd() ? bounds.endMs() : bounds.startMs();
        }
        return null;
    }

    private RangeInput subquery(SubqueryExpr expr, Steps steps) {
        long offsetMs = expr.time().offset().millis();
        Long fixedMs = fixedTimeMs(expr.time());
        Long fixedEndMs = fixedMs == null ? null : Long.valueOf(fixedMs - offsetMs);
        long firstEndMs = fixedEndMs != null ? fixedEndMs : steps.firstMs() - offsetMs;
        long lastEndMs = fixedEndMs != null ? fixedEndMs : steps.lastMs() - offsetMs;
        long stepMs = expr.step() == null
                ? options.defaultSubqueryStep().toMillis()
                : expr.step().millis();
        long afterMs = firstEndMs - expr.range().millis();
        long startMs = (Math.floorDiv(afterMs, stepMs) + 1) * stepMs;
        long count = lastEndMs < startMs ? 0 : (lastEndMs - startMs) / stepMs + 1;
        if (count > options.maxSubquerySteps()) {
            throw PromQlException.execution("subquery: " + count + " steps (expected: at most "
                    + options.maxSubquerySteps() + "); use a larger step or a shorter range");
        }
        Steps inner = Steps.every(startMs, stepMs, (int) count);
        SeriesStream stream = count == 0 ? SeriesStream.EMPTY : vector(expr.expr(), inner);
        return new RangeInput(
                new SubquerySeries(stream, inner, context), steps, expr.range().millis(), offsetMs, fixedEndMs);
    }

    private final class ScalarVisitor extends OnlyVisitor<double[]> {
        private final Steps steps;

        ScalarVisitor(Steps steps) {
            this.steps = steps;
        }

        @Override
        public double[] visitNumber(NumberLiteral expr) {
            double[] values = new double[steps.count()];
            Arrays.fill(values, expr.value());
            return values;
        }

        @Override
        public double[] visitUnary(UnaryExpr expr) {
            double[] values = scalar(expr.expr(), steps);
            if (expr.negative()) {
                Arrays.setAll(values, i -> -values[i]);
            }
            return values;
        }

        @Override
        public double[] visitBinary(BinaryExpr expr) {
            double[] left = scalar(expr.left(), steps);
            context.hold(steps.count());
            double[] right = scalar(expr.right(), steps);
            context.release(steps.count());
            for (int i = 0; i < left.length; i++) {
                left[i] = ElementOperation.ofScalars(expr.operator(), left[i], right[i]);
            }
            return left;
        }

        @Override
        public double[] visitCall(Call expr) {
            return calls.scalar(expr, steps);
        }

        @Override
        public double[] visitParen(ParenExpr expr) {
            return scalar(expr.expr(), steps);
        }
    }

    private final class VectorVisitor extends OnlyVisitor<SeriesStream> {
        private final Steps steps;

        VectorVisitor(Steps steps) {
            this.steps = steps;
        }

        @Override
        public SeriesStream visitVectorSelector(VectorSelector expr) {
            return selectors.instant(expr, steps, false);
        }

        @Override
        public SeriesStream visitUnary(UnaryExpr expr) {
            SeriesStream stream = vector(expr.expr(), steps);
            return expr.negative() ? NameDropping.rejecting(negated(stream), context) : stream;
        }

        @Override
        public SeriesStream visitBinary(BinaryExpr expr) {
            return binaries.evaluate(expr, steps);
        }

        @Override
        public SeriesStream visitAggregate(AggregateExpr expr) {
            return aggregates.evaluate(expr, steps);
        }

        @Override
        public SeriesStream visitCall(Call expr) {
            return calls.vector(expr, steps);
        }

        @Override
        public SeriesStream visitParen(ParenExpr expr) {
            return vector(expr.expr(), steps);
        }
    }

    private SeriesStream negated(SeriesStream stream) {
        return () -> {
            StepSeries series = stream.next();
            if (series == null) {
                return null;
            }
            Column column = series.column();
            for (int i = 0; i < column.size(); i++) {
                FloatHistogram histogram = column.histogram(i);
                if (histogram != null) {
                    column.set(i, histogram.times(-1));
                } else if (column.hasFloat(i)) {
                    column.set(i, -column.value(i));
                }
            }
            return context.withoutName(series, column);
        };
    }

    /** A visitor that is only ever given expressions of one type. */
    private abstract static class OnlyVisitor<R> implements ExprVisitor<R> {
        @Override
        public R visitNumber(NumberLiteral expr) {
            throw unexpected(expr);
        }

        @Override
        public R visitString(StringLiteral expr) {
            throw unexpected(expr);
        }

        @Override
        public R visitVectorSelector(VectorSelector expr) {
            throw unexpected(expr);
        }

        @Override
        public R visitMatrixSelector(MatrixSelector expr) {
            throw unexpected(expr);
        }

        @Override
        public R visitSubquery(SubqueryExpr expr) {
            throw unexpected(expr);
        }

        @Override
        public R visitAggregate(AggregateExpr expr) {
            throw unexpected(expr);
        }

        private static IllegalStateException unexpected(Expr expr) {
            ValueType type = expr.type();
            return new IllegalStateException("expression of type " + type.documentedName() + " in a wrong place");
        }
    }
}
