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
    /** From here to {@link #MAX_JAVA} Java's form is the plain one. */
    private static final double MIN_JAVA = 1e-3;

    private static final double MAX_JAVA = 1e7;
    private static final double MIN_PLAIN = 1e-6;
    private static final double MAX_PLAIN = 1e21;

    private FloatText() {}

    /** Never with an exponent, as in scalars. */
    static String plain(double value) {
        String special = simple(value);
        return special != null ? special : shortest(value).toPlainString();
    }

    /** With an exponent below 1e-6 and from 1e21 on, as in vectors and matrices: {@code 1e-07}, {@code 1.5e+21}. */
    static String general(double value) {
        String special = simple(value);
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

    /** The text of nearly all values, without a detour; null for the others. */
    private static @Nullable String simple(double value) {
        if (Double.isNaN(value)) {
            return "NaN";
        }
        if (Double.isInfinite(value)) {
            return value > 0 ? "+Inf" : "-Inf";
        }
        if (value == 0) {
            return 1 / value < 0 ? "-0" : "0";
        }
        double magnitude = Math.abs(value);
        if (value == Math.rint(value) && magnitude <= MAX_EXACT_INTEGER) {
            return Long.toString((long) value);
        }
        return magnitude >= MIN_JAVA && magnitude < MAX_JAVA ? NumberOutput.toString(value, true) : null;
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
