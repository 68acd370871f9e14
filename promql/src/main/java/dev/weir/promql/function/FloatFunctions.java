package dev.weir.promql.function;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** Functions of one float, applied value by value. */
public final class FloatFunctions {
    /** Some 300 million years. */
    private static final double MAX_CALENDAR_SECONDS = 1e16;

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

    private static final Map<String, ToDoubleFunction<ZonedDateTime>> CALENDAR = Map.of(
            "days_in_month", time -> time.toLocalDate().lengthOfMonth(),
            "day_of_month", time -> time.getDayOfMonth(),
            "day_of_week", time -> time.getDayOfWeek().getValue() % 7,
            "day_of_year", time -> time.getDayOfYear(),
            "hour", time -> time.getHour(),
            "minute", time -> time.getMinute(),
            "month", time -> time.getMonthValue(),
            "year", time -> time.getYear());

    private FloatFunctions() {}

    /** The mathematical function of that name, null if there is none. */
    public static @Nullable DoubleUnaryOperator math(String name) {
        return MATH.get(name);
    }

    /** The function of a time in seconds, UTC, of that name, null if there is none. */
    public static @Nullable DoubleUnaryOperator calendar(String name) {
        ToDoubleFunction<ZonedDateTime> field = CALENDAR.get(name);
        return field == null ? null : seconds -> field.applyAsDouble(time(seconds));
    }

    /** The multiple of {@code nearest} that lies nearest, the greater one of two. */
    public static double round(double value, double nearest) {
        double inverse = 1 / nearest;
        return Math.floor(value * inverse + 0.5) / inverse;
    }

    /** As Go's math.Max and Min do it, NaN wins. */
    public static double clamp(double value, double least, double greatest) {
        return Math.max(least, Math.min(greatest, value));
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

    private static ZonedDateTime time(double seconds) {
        double bounded = Double.isNaN(seconds) ? 0 : seconds;
        long clamped = (long) Math.max(-MAX_CALENDAR_SECONDS, Math.min(MAX_CALENDAR_SECONDS, bounded));
        return Instant.ofEpochSecond(clamped).atZone(ZoneOffset.UTC);
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
