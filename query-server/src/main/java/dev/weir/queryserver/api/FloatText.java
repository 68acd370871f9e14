package dev.weir.queryserver.api;

import com.fasterxml.jackson.core.io.NumberOutput;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/**
 * Floats as Prometheus writes them: the shortest decimal that reads back as the same float, {@code NaN}, {@code +Inf},
 * {@code -Inf}, {@code -0}.
 */
final class FloatText {
    private static final double MAX_EXACT_INTEGER = 1L << 53;
    private static final double MIN_PLAIN = 1e-6;
    private static final double MAX_PLAIN = 1e21;

    private FloatText() {}

    /** Never with an exponent, as in scalars. */
    static String plain(double value) {
        String special = specialOrInteger(value);
        return special != null ? special : shortest(value).toPlainString();
    }

    /** With an exponent below 1e-6 and from 1e21 on, as in vectors and matrices: {@code 1e-07}, {@code 1.5e+21}. */
    static String general(double value) {
        String special = specialOrInteger(value);
        if (special != null) {
            return special;
        }
        double magnitude = Math.abs(value);
        BigDecimal decimal = shortest(value);
        if (magnitude >= MIN_PLAIN && magnitude < MAX_PLAIN) {
            return decimal.toPlainString();
        }
        String digits = decimal.unscaledValue().abs().toString();
        int exponent = digits.length() - 1 - decimal.scale();
        StringBuilder text = new StringBuilder(value < 0 ? "-" : "").append(digits.charAt(0));
        if (digits.length() > 1) {
            text.append('.').append(digits, 1, digits.length());
        }
        text.append('e').append(exponent < 0 ? '-' : '+');
        return text.append(Math.abs(exponent) < 10 ? "0" : "")
                .append(Math.abs(exponent))
                .toString();
    }

    private static @Nullable String specialOrInteger(double value) {
        if (Double.isNaN(value)) {
            return "NaN";
        }
        if (Double.isInfinite(value)) {
            return value > 0 ? "+Inf" : "-Inf";
        }
        if (value == 0) {
            return 1 / value < 0 ? "-0" : "0";
        }
        return value == Math.rint(value) && Math.abs(value) <= MAX_EXACT_INTEGER ? Long.toString((long) value) : null;
    }

    private static BigDecimal shortest(double value) {
        // Java 17's own text sometimes has a digit too many; this one never has, except that it has at least two.
        BigDecimal decimal = new BigDecimal(NumberOutput.toString(value, true)).stripTrailingZeros();
        if (decimal.precision() == 2) {
            BigDecimal shorter = decimal.round(new MathContext(1, RoundingMode.HALF_EVEN));
            if (shorter.doubleValue() == value) {
                return shorter.stripTrailingZeros();
            }
        }
        return decimal;
    }
}
