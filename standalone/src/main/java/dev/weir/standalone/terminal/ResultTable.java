package dev.weir.standalone.terminal;

import java.util.List;
import java.util.stream.Collectors;

/**
 * An instant answer as aligned lines, {@code series  value}, in the server's order, below a line of what all of them have in
 * common. Of a range vector's series the newest values are shown, oldest first.
 */
public final class ResultTable {
    private static final int MAX_LABEL_COLUMNS = 110;
    private static final int MAX_VALUES = 12;

    private ResultTable() {}

    public static String render(Answer answer) {
        List<Answer.Series> series = answer.series();
        if (series.isEmpty()) {
            return "no series\n";
        }
        int width = series.stream().mapToInt(one -> one.labels().length()).max().orElse(0);
        width = Math.min(width, MAX_LABEL_COLUMNS);
        String indent = answer.common().isEmpty() ? "" : "  ";
        StringBuilder text = new StringBuilder(answer.common().isEmpty() ? "" : answer.common() + '\n');
        for (Answer.Series one : series) {
            text.append(indent)
                    .append(one.labels())
                    .append(" ".repeat(Math.max(0, width - one.labels().length())));
            text.append(width == 0 ? "" : "  ");
            text.append(values(one.points())).append('\n');
        }
        return text.toString();
    }

    private static String values(List<Answer.Point> points) {
        int from = Math.max(0, points.size() - MAX_VALUES);
        String shown = points.subList(from, points.size()).stream()
                .map(Answer.Point::text)
                .collect(Collectors.joining(" "));
        return from == 0 ? shown : "(" + from + " more) " + shown;
    }
}
