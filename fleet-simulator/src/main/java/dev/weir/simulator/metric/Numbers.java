package dev.weir.simulator.metric;

import java.math.BigDecimal;
import java.math.MathContext;

/** How each client library writes a double. All of them write the shortest digits that read back as the same double. */
final class Numbers {
    private static final long EXACT = 1L << 53;

    private Numbers() {}

    /** As prometheus_client's {@code floatToGoString}: {@code repr}, with an exponent from seven integer digits on. */
    static String python(double value) {
        if (!Double.isFinite(value)) {
            return special(value);
        }
        String repr = pythonRepr(value);
        int dot = repr.indexOf('.');
        if (value > 0 && dot > 6) {
            String mantissa = repr.charAt(0) + "." + repr.substring(1, dot) + repr.substring(dot + 1);
            int end = mantissa.length();
            while (mantissa.charAt(end - 1) == '0' || mantissa.charAt(end - 1) == '.') {
                end--;
            }
            // The library always writes "+0" before the exponent, even before two digits: 3.9e+010.
            return mantissa.substring(0, end) + "e+0" + (dot - 1);
        }
        return repr;
    }

    /** As Go's {@code strconv.AppendFloat(v, 'g', -1, 64)}: an exponent below 1e-4 and from 1e+06 on. */
    static String go(double value) {
        if (!Double.isFinite(value)) {
            return special(value);
        }
        if (value == 0) {
            return "0";
        }
        BigDecimal digits = shortest(value);
        int exponent = digits.precision() - digits.scale() - 1;
        if (exponent >= -4 && exponent < 6) {
            return digits.toPlainString();
        }
        return scientific(digits, exponent);
    }

    /** As the Java simpleclient: {@code Double.toString}. */
    static String java(double value) {
        return Double.isFinite(value) ? Double.toString(value) : special(value);
    }

    /** As Rust's {@code Display}: never an exponent, no point for whole numbers. */
    static String rust(double value) {
        if (!Double.isFinite(value)) {
            return special(value);
        }
        return value == 0 ? "0" : shortest(value).toPlainString();
    }

    private static String pythonRepr(double value) {
        if (value == 0) {
            return 1 / value < 0 ? "-0.0" : "0.0";
        }
        BigDecimal digits = shortest(value);
        int exponent = digits.precision() - digits.scale() - 1;
        if (exponent < -4 || exponent >= 16) {
            return scientific(digits, exponent);
        }
        String plain = digits.toPlainString();
        return plain.indexOf('.') < 0 ? plain + ".0" : plain;
    }

    private static String scientific(BigDecimal digits, int exponent) {
        String unscaled = digits.unscaledValue().abs().toString();
        StringBuilder text = new StringBuilder(24);
        if (digits.signum() < 0) {
            text.append('-');
        }
        text.append(unscaled.charAt(0));
        if (unscaled.length() > 1) {
            text.append('.').append(unscaled, 1, unscaled.length());
        }
        text.append('e').append(exponent < 0 ? '-' : '+');
        int magnitude = Math.abs(exponent);
        if (magnitude < 10) {
            text.append('0');
        }
        return text.append(magnitude).toString();
    }

    /** The fewest digits that parse to {@code value}, without trailing zeros. */
    private static BigDecimal shortest(double value) {
        if (value == Math.rint(value) && Math.abs(value) < EXACT) {
            return BigDecimal.valueOf((long) value).stripTrailingZeros();
        }
        BigDecimal exact = new BigDecimal(value);
        for (int precision = 15; precision < 17; precision++) {
            BigDecimal rounded = exact.round(new MathContext(precision));
            if (rounded.doubleValue() == value) {
                return rounded.stripTrailingZeros();
            }
        }
        return exact.round(new MathContext(17)).stripTrailingZeros();
    }

    private static String special(double value) {
        return Double.isNaN(value) ? "NaN" : value > 0 ? "+Inf" : "-Inf";
    }
}
