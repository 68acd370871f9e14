package dev.weir.promql.function;

import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import org.jspecify.annotations.Nullable;

/** Functions of one float, applied value by value. */
public final class FloatFunctions {
    private static final Map<String, DoubleUnaryOperator> MATH = Map.ofEntries(
            Map.entry("abs", Math::abs),
            Map.entry("acos", Math::acos),
            Map.entry("acosh", FloatFunctions::acosh),
            Map.entry("asin", Math::asin),
            Map.entry("asinh", FloatFunctions::asinh),
            Map.entry("atan", Math::atan),
            Map.entry("atanh", FloatFunctions::atanh),
            Map.entry("ceil", Math::ceil),
            Map.entry("cos", Math::cos),
            Map.entry("cosh", Math::cosh),
            Map.entry("deg", v -> v * 180 / Math.PI),
            Map.entry("exp", Math::exp),
            Map.entry("floor", Math::floor),
            Map.entry("ln", Math::log),
            Map.entry("log10", Math::log10),
            Map.entry("log2", FloatFunctions::log2),
            Map.entry("rad", v -> v * Math.PI / 180),
            Map.entry("sgn", Math::signum),
            Map.entry("sin", Math::sin),
            Map.entry("sinh", Math::sinh),
            Map.entry("sqrt", Math::sqrt),
            Map.entry("tan", Math::tan),
            Map.entry("tanh", Math::tanh));

    private FloatFunctions() {}

    /** The mathematical function of that name, null if there is none. */
    public static @Nullable DoubleUnaryOperator math(String name) {
        return MATH.get(name);
    }

    /** The function of a time in seconds, UTC, of that name, null if there is none. */
    public static @Nullable DoubleUnaryOperator calendar(String name) {
        return CalendarTime.function(name);
    }

    /** The multiple of {@code nearest} that lies nearest, the greater one of two. */
    public static double round(double value, double nearest) {
        double inverse = 1 / nearest;
        return Math.floor(value * inverse + 0.5) / inverse;
    }

    /** NaN if any of them is, unless a bound is so far out that it decides alone. */
    public static double clamp(double value, double least, double greatest) {
        return greater(least, lesser(greatest, value));
    }

    /** As Go has it: +Inf is greater even than NaN, which is greater than the rest. */
    public static double greater(double a, double b) {
        return a == Double.POSITIVE_INFINITY || b == Double.POSITIVE_INFINITY
                ? Double.POSITIVE_INFINITY
                : Math.max(a, b);
    }

    /** As Go has it: -Inf is less even than NaN, which is less than the rest. */
    public static double lesser(double a, double b) {
        return a == Double.NEGATIVE_INFINITY || b == Double.NEGATIVE_INFINITY
                ? Double.NEGATIVE_INFINITY
                : Math.min(a, b);
    }

    static double log2(double value) {
        int exponent = Math.getExponent(value);
        if (value > 0 && exponent >= Double.MIN_EXPONENT && exponent <= Double.MAX_EXPONENT) {
            // Exact for powers of two.
            double fraction = Math.scalb(value, -exponent - 1);
            return fraction == 0.5 ? exponent : exponent + 1 + Math.log(fraction) * (1 / Math.log(2));
        }
        return Math.log(value) * (1 / Math.log(2));
    }

    private static double asinh(double value) {
        double magnitude = Math.abs(value);
        if (Double.isInfinite(value) || Double.isNaN(value) || magnitude < 1e-8) {
            return value;
        }
        double result = magnitude > 1e8
                ? Math.log(magnitude) + Math.log(2)
                : Math.log1p(magnitude + magnitude * magnitude / (1 + Math.sqrt(magnitude * magnitude + 1)));
        return Math.copySign(result, value);
    }

    private static double acosh(double value) {
        if (value < 1) {
            return Double.NaN;
        }
        if (value > 1e8) {
            return Math.log(value) + Math.log(2);
        }
        double above = value - 1;
        return Math.log1p(above + Math.sqrt(2 * above + above * above));
    }

    private static double atanh(double value) {
        double magnitude = Math.abs(value);
        return Math.copySign(0.5 * Math.log1p(2 * magnitude / (1 - magnitude)), value);
    }
}
