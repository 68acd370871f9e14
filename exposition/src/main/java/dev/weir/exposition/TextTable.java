package dev.weir.exposition;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Rows of a title and some right-aligned cells, each perhaps with lines of detail below. A column without a single
 * cell that says something is left out.
 */
final class TextTable {
    /** Longer titles stand on a line of their own, so that they do not push the cells out of sight. */
    private static final int MAX_TITLE_WIDTH = 112;

    private static final String GAP = "  ";

    private record Row(String title, List<String> cells, List<String> details) {}

    private final List<String> heads;
    private final List<Row> rows = new ArrayList<>();

    TextTable(String... heads) {
        this.heads = List.of(heads);
    }

    int rowCount() {
        return rows.size();
    }

    void addRow(String title, String... cells) {
        rows.add(new Row(title, List.of(cells), new ArrayList<>()));
    }

    /** Adds lines below the last row. */
    void addDetails(List<String> lines) {
        rows.get(rows.size() - 1).details().addAll(lines);
    }

    void append(Appendable out, String indent) throws IOException {
        int titleWidth = 0;
        int[] widths = new int[heads.size()];
        for (Row row : rows) {
            if (row.title().length() <= MAX_TITLE_WIDTH) {
                titleWidth = Math.max(titleWidth, row.title().length());
            }
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.cells().get(i).length());
            }
        }
        for (int i = 0; i < widths.length; i++) {
            widths[i] = widths[i] == 0 ? 0 : Math.max(widths[i], heads.get(i).length());
        }
        appendLine(out, indent, "", heads, titleWidth, widths);
        for (Row row : rows) {
            appendLine(out, indent, row.title(), row.cells(), titleWidth, widths);
            for (String detail : row.details()) {
                out.append(indent).append(indent).append(detail).append("\n");
            }
        }
    }

    static String padLeft(String text, int width) {
        return " ".repeat(Math.max(0, width - text.length())) + text;
    }

    static String padRight(String text, int width) {
        return text + " ".repeat(Math.max(0, width - text.length()));
    }

    private static void appendLine(
            Appendable out, String indent, String title, List<String> cells, int titleWidth, int[] widths)
            throws IOException {
        String shown = title;
        if (title.length() > titleWidth) {
            out.append(indent).append(title).append("\n");
            shown = "";
        }
        StringBuilder line = new StringBuilder(indent).append(padRight(shown, titleWidth));
        for (int i = 0; i < widths.length; i++) {
            if (widths[i] > 0) {
                line.append(GAP).append(padLeft(cells.get(i), widths[i]));
            }
        }
        out.append(line.toString().stripTrailing()).append("\n");
    }
}
