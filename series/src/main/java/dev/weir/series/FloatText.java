package dev.weir.series;

import java.math.BigDecimal;
import java.math.MathContext;

/** Doubles as decimal texts, in the forms that Prometheus uses. */
public final class FloatText {
    private static final int MIN_PLAIN_EXPONENT = -4;
    private static final int MAX_PLAIN_EXPONENT = 6;

    private FloatText() {}

    /** The shortest decimal text that reads back as the same number, never with an exponent. */
    public static String plain(double value) {
        if (Double.isNaN(value)) {
            return "NaN";
        }
        if (Double.isInfinite(value)) {
            return value > 0 ? "+Inf" : "-Inf";
        }
        if (value == 0) {
            return 1 / value < 0 ? "-0" : "0";
        }
        if (value == Math.rint(value) && Math.abs(value) < 1e15) {
            return Long.toString((long) value);
        }
        return new BigDecimal(shortest(value)).stripTrailingZeros().toPlainString();
    }

    /** Like C's {@code %g} with the shortest precision that reads back as the same number. */
    public static String general(double value) {
        if (Double.isNaN(value) || Double.isInfinite(value) || value == 0) {
            return plain(value);
        }
        BigDecimal decimal = new BigDecimal(shortest(value)).stripTrailingZeros();
        int exponent = decimal.precision() - decimal.scale() - 1;
        if (exponent >= MIN_PLAIN_EXPONENT && exponent < MAX_PLAIN_EXPONENT) {
            return decimal.toPlainString();
        }
        String digits = decimal.unscaledValue().abs().toString();
        String mantissa = digits.length() == 1 ? digits : digits.charAt(0) + "." + digits.substring(1);
        String power = (exponent < 0 ? "-" : "+") + (Math.abs(exponent) < 10 ? "0" : "") + Math.abs(exponent);
        return (value < 0 ? "-" : "") + mantissa + "e" + power;
    }

    /** Java 17 sometimes prints a digit too many; the shorter texts are tried first. */
    private static String shortest(double value) {
        String text = Double.toString(value);
        int digits = new BigDecimal(text).stripTrailingZeros().precision();
        for (int precision = digits - 2; precision < digits; precision++) {
            if (precision > 0) {
                String shorter =
                        new BigDecimal(value).round(new MathContext(precision)).toString();
                if (Double.parseDouble(shorter) == value) {
                    return shorter;
                }
            }
        }
        return text;
    }
}
