package dev.weir.promql.ast;

import dev.weir.series.FloatText;
import dev.weir.series.Labels;

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

    /** As {@link FloatText#plain}. */
    public static String plain(double value) {
        return FloatText.plain(value);
    }

    /** As {@link FloatText#general}. */
    public static String general(double value) {
        return FloatText.general(value);
    }

    /** Labels with the metric name as one of them, as {@code {__name__="a", b="c"}}. */
    public static String labels(Labels labels) {
        StringBuilder text = new StringBuilder("{");
        labels.forEach((name, value) -> text.append(text.length() == 1 ? "" : ", ")
                .append(Printer.labelName(name))
                .append('=')
                .append(quote(value)));
        return text.append('}').toString();
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
