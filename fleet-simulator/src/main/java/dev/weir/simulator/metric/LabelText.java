package dev.weir.simulator.metric;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** A series' labels as text, split where an {@code le} label goes. */
final class LabelText {
    private final String before;
    private final String after;

    private LabelText(String before, String after) {
        this.before = before;
        this.after = after;
    }

    /** Labels sorted by name, {@code le} among them in its place, as Python's client writes them. */
    static LabelText sortedWithLe(Series series) {
        StringBuilder before = new StringBuilder();
        StringBuilder after = new StringBuilder();
        for (String[] pair : pairs(series, true)) {
            if (pair[0].compareTo("le") < 0) {
                append(before, pair).append(',');
            } else {
                append(after.append(','), pair);
            }
        }
        return new LabelText(before.toString(), after.toString());
    }

    /** {@code le} last. */
    static LabelText leLast(Series series, boolean sorted) {
        StringBuilder before = new StringBuilder();
        for (String[] pair : pairs(series, sorted)) {
            append(before, pair).append(',');
        }
        return new LabelText(before.toString(), "");
    }

    /** Appends the braces and labels; nothing at all without labels. */
    void plain(StringBuilder out, boolean trailingComma) {
        if (before.isEmpty() && after.isEmpty()) {
            return;
        }
        out.append('{').append(before);
        if (after.isEmpty()) {
            if (!trailingComma) {
                out.setLength(out.length() - 1);
            }
        } else {
            out.append(after, 1, after.length());
        }
        out.append('}');
    }

    /** Appends the braces, labels and {@code le}. */
    void bucket(StringBuilder out, String le, boolean trailingComma) {
        out.append('{').append(before).append("le=\"").append(le).append('"').append(after);
        out.append(trailingComma ? ",}" : "}");
    }

    private static List<String[]> pairs(Series series, boolean sorted) {
        List<String[]> pairs = new ArrayList<>();
        for (int i = 0; i < series.labelValues().length; i++) {
            pairs.add(new String[] {series.family().labelNames().get(i), series.labelValues()[i]});
        }
        if (sorted) {
            pairs.sort(Comparator.comparing(pair -> pair[0]));
        }
        return pairs;
    }

    private static StringBuilder append(StringBuilder out, String[] pair) {
        String value = pair[1].replace("\\", "\\\\").replace("\n", "\\n").replace("\"", "\\\"");
        return out.append(pair[0]).append("=\"").append(value).append('"');
    }
}
