package dev.weir.promql.engine;

import dev.weir.promql.ast.BinaryExpr;
import dev.weir.promql.ast.ValueType;
import dev.weir.promql.ast.VectorMatching;
import dev.weir.promql.column.Column;
import dev.weir.promql.column.QueryContext;
import dev.weir.promql.column.SeriesStream;
import dev.weir.promql.column.StepSeries;
import dev.weir.promql.column.Steps;
import dev.weir.series.FloatHistogram;
import org.jspecify.annotations.Nullable;

/** Binary operators of which at least one side is a vector. */
final class BinaryEvaluator {
    private final Evaluator evaluator;
    private final QueryContext context;

    BinaryEvaluator(Evaluator evaluator, QueryContext context) {
        this.evaluator = evaluator;
        this.context = context;
    }

    SeriesStream evaluate(BinaryExpr expr, Steps steps) {
        if (expr.left().type() == ValueType.SCALAR) {
            double[] scalars = evaluator.scalar(expr.left(), steps);
            return withScalar(expr, evaluator.vector(expr.right(), steps), scalars, true);
        }
        if (expr.right().type() == ValueType.SCALAR) {
            double[] scalars = evaluator.scalar(expr.right(), steps);
            return withScalar(expr, evaluator.vector(expr.left(), steps), scalars, false);
        }
        VectorMatching matching = expr.matching();
        if (matching == null) {
            throw new IllegalStateException("two vectors without a matching");
        }
        SeriesStream left = evaluator.vector(expr.left(), steps);
        SeriesStream right = evaluator.vector(expr.right(), steps);
        return switch (expr.operator()) {
            case AND -> SetOperation.intersect(left, right, new Signature(matching), context);
            case UNLESS -> SetOperation.subtract(left, right, new Signature(matching), context);
            case OR -> SetOperation.unite(left, right, new Signature(matching), context, steps.count());
            default -> new VectorJoin(expr, matching, context, steps.count()).join(left, right);
        };
    }

    private SeriesStream withScalar(BinaryExpr expr, SeriesStream vector, double[] scalars, boolean scalarIsLeft) {
        ElementOperation operation = new ElementOperation(expr.operator(), expr.span(), context);
        boolean dropsName = expr.operator().isArithmetic() || expr.returnBool();
        SeriesStream stream = () -> {
            for (StepSeries series = vector.next(); series != null; series = vector.next()) {
                Column column = series.column();
                boolean any = false;
                for (int i = 0; i < column.size(); i++) {
                    any |= apply(expr, operation, column, i, scalars[i], scalarIsLeft);
                }
                context.work(column.size());
                if (any) {
                    return dropsName ? context.withoutName(series, column) : series;
                }
                context.recycle(column);
            }
            return null;
        };
        return dropsName ? NameDropping.merging(stream, false, context) : stream;
    }

    private static boolean apply(
            BinaryExpr expr, ElementOperation operation, Column column, int step, double scalar, boolean scalarIsLeft) {
        FloatHistogram histogram = column.histogram(step);
        boolean hasFloat = column.hasFloat(step);
        if (histogram == null && !hasFloat) {
            return false;
        }
        double value = column.value(step);
        boolean keeps;
        if (histogram == null) {
            keeps = scalarIsLeft ? operation.apply(scalar, value) : operation.apply(value, scalar);
        } else {
            keeps = scalarIsLeft
                    ? operation.apply(scalar, null, 0, histogram)
                    : operation.apply(0, histogram, scalar, null);
        }
        if (!operation.isDefined()) {
            column.remove(step);
            return false;
        }
        if (expr.returnBool()) {
            column.set(step, keeps ? 1 : 0);
            return true;
        }
        if (!keeps) {
            column.remove(step);
            return false;
        }
        if (!expr.operator().isComparison()) {
            set(column, step, operation.value(), operation.histogram());
        }
        return true;
    }

    static void set(Column column, int step, double value, @Nullable FloatHistogram histogram) {
        if (histogram != null) {
            column.set(step, histogram);
        } else {
            column.set(step, value);
        }
    }
}
