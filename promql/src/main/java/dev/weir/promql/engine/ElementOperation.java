package dev.weir.promql.engine;

import dev.weir.promql.ast.BinaryOperator;
import dev.weir.promql.ast.Span;
import dev.weir.promql.column.QueryContext;
import dev.weir.series.FloatHistogram;
import dev.weir.series.IncompatibleHistogramsException;
import org.jspecify.annotations.Nullable;

/** A binary operator applied to two samples. What came out stands in its fields until the next application. */
final class ElementOperation {
    private final BinaryOperator operator;
    private final Span span;
    private final QueryContext context;

    private double value;
    private @Nullable FloatHistogram histogram;
    private boolean isDefined;

    ElementOperation(BinaryOperator operator, Span span, QueryContext context) {
        this.operator = operator;
        this.span = span;
        this.context = context;
    }

    static double ofScalars(BinaryOperator operator, double left, double right) {
        if (operator.isComparison()) {
            return holds(operator, left, right) ? 1 : 0;
        }
        return arithmetic(operator, left, right);
    }

    /** The float that came out, if no histogram did. */
    double value() {
        return value;
    }

    @Nullable
    FloatHistogram histogram() {
        return histogram;
    }

    /** Whether the operator is defined for the types of the samples; else there is an annotation. */
    boolean isDefined() {
        return isDefined;
    }

    /** Whether there is a result; a comparison that does not hold has none. A comparison's result is its left side. */
    boolean apply(double left, double right) {
        isDefined = true;
        histogram = null;
        if (operator.isComparison()) {
            value = left;
            return holds(operator, left, right);
        }
        value = arithmetic(operator, left, right);
        return true;
    }

    /** As {@link #apply(double, double)}, for samples of which at least one is a histogram. */
    boolean apply(
            double left,
            @Nullable FloatHistogram leftHistogram,
            double right,
            @Nullable FloatHistogram rightHistogram) {
        isDefined = true;
        histogram = null;
        value = 0;
        if (leftHistogram != null && rightHistogram != null) {
            return both(leftHistogram, rightHistogram);
        }
        if (leftHistogram != null) {
            if (operator == BinaryOperator.MULTIPLY) {
                histogram = leftHistogram.times(right).compacted();
            } else if (operator == BinaryOperator.DIVIDE) {
                histogram = leftHistogram.dividedBy(right).compacted();
            } else {
                return undefined("histogram", "float");
            }
            return true;
        }
        if (rightHistogram != null && operator == BinaryOperator.MULTIPLY) {
            histogram = rightHistogram.times(left).compacted();
            return true;
        }
        return undefined("float", "histogram");
    }

    private boolean both(FloatHistogram left, FloatHistogram right) {
        switch (operator) {
            case ADD, SUBTRACT -> {
                try {
                    histogram = (operator == BinaryOperator.ADD ? left.plus(right) : left.minus(right)).compacted();
                    return true;
                } catch (IncompatibleHistogramsException e) {
                    context.warn(span, "incompatible bucket layout encountered for binary operator " + operator.text());
                    isDefined = false;
                    return false;
                }
            }
            case EQUAL -> {
                histogram = left;
                return left.equals(right);
            }
            case NOT_EQUAL -> {
                histogram = left;
                return !left.equals(right);
            }
            default -> {
                return undefined("histogram", "histogram");
            }
        }
    }

    private boolean undefined(String left, String right) {
        isDefined = false;
        String text = operator.text();
        context.inform(
                span,
                "incompatible sample types encountered for binary operator \"" + text + "\": " + left + " " + text + " "
                        + right);
        return false;
    }

    private static boolean holds(BinaryOperator operator, double left, double right) {
        return switch (operator) {
            case EQUAL -> left == right;
            case NOT_EQUAL -> left != right;
            case GREATER -> left > right;
            case LESS -> left < right;
            case GREATER_OR_EQUAL -> left >= right;
            case LESS_OR_EQUAL -> left <= right;
            default -> throw new IllegalStateException(operator + " is no comparison");
        };
    }

    private static double arithmetic(BinaryOperator operator, double left, double right) {
        return switch (operator) {
            case ADD -> left + right;
            case SUBTRACT -> left - right;
            case MULTIPLY -> left * right;
            case DIVIDE -> left / right;
            case MODULO -> left % right;
            case ATAN2 -> Math.atan2(left, right);
            case POWER -> power(left, right);
            default -> throw new IllegalStateException(operator + " is no arithmetic operator");
        };
    }

    /** Like C's pow, which gives 1 where Java gives NaN for a base of 1 or -1. */
    private static double power(double base, double exponent) {
        if (base == 1 || (base == -1 && Double.isInfinite(exponent))) {
            return 1;
        }
        return Math.pow(base, exponent);
    }
}
