package dev.weir.standalone.terminal;

import java.util.List;

/** An instant answer as aligned lines, {@code series  value}, in the server's order. */
public final class ResultTable {
    private static final int MAX_LABEL_COLUMNS = 110;

    private ResultTable() {}

    public static String render(Answer answer) {
        List<Answer.Series> series = answer.series();
        if (series.isEmpty()) {
            return "no series\n";
        }
        int width = series.stream().mapToInt(one -> one.labels().length()).max().orElse(0);
        width = Math.min(width, MAX_LABEL_COLUMNS);
        StringBuilder text = new StringBuilder();
        for (Answer.Series one : series) {
            text.append(one.labels())
                    .append(" ".repeat(Math.max(0, width - one.labels().length())));
            text.append(width == 0 ? "" : "  ");
            text.append(one.points().isEmpty() ? "" : one.points().get(0).text())
                    .append('\n');
        }
        return text.toString();
    }
}
