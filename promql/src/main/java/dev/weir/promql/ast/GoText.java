package dev.weir.promql.ast;

import java.math.BigDecimal;
import java.math.MathContext;

/** Texts in the form that Prometheus' messages and printed queries have. */
public final class GoText {
    private GoText() {}

    /** The string in double quotes, everything unprintable escaped. */
    public static String quote(String value) {
        StringBuilder text = new StringBuilder(value.length() + 2).append('"');
        value.codePoints().forEach(c -> appendEscaped(text, c, '"'));
        return text.append('"').toString();
    }

    /** The character in single quotes. */
    public static String quoteChar(int codePoint) {
        StringBuilder text = new StringBuilder("'");
        appendEscaped(text, codePoint, '\'');
        return text.append('\'').toString();
    }

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
        if (exponent >= -4 && exponent < 21) {
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

    private static void appendEscaped(StringBuilder text, int c, char quote) {
        switch (c) {
            case '\n' -> text.append("\\n");
            case '\t' -> text.append("\\t");
            case '\r' -> text.append("\\r");
            case '\\' -> text.append("\\\\");
            case 0x07 -> text.append("\\a");
            case '\b' -> text.append("\\b");
            case '\f' -> text.append("\\f");
            case 0x0b -> text.append("\\v");
            default -> {
                if (c == quote) {
                    text.append('\\').append(quote);
                } else if (c < 0x20 || c == 0x7f) {
                    text.append(String.format("\\x%02x", c));
                } else if (c >= 0xdc80 && c <= 0xdcff) {
                    // A byte that was no UTF-8, see the parser's strings.
                    text.append(String.format("\\x%02x", c - 0xdc00));
                } else if (isUnprintable(c)) {
                    text.append(c > 0xffff ? String.format("\\U%08x", c) : String.format("\\u%04x", c));
                } else {
                    text.appendCodePoint(c);
                }
            }
        }
    }

    private static boolean isUnprintable(int c) {
        int type = Character.getType(c);
        return c != ' '
                && (type == Character.CONTROL
                        || type == Character.FORMAT
                        || type == Character.UNASSIGNED
                        || type == Character.SURROGATE
                        || type == Character.PRIVATE_USE
                        || type == Character.SPACE_SEPARATOR
                        || type == Character.LINE_SEPARATOR
                        || type == Character.PARAGRAPH_SEPARATOR);
    }
}
