package dev.weir.standalone.terminal;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * A range answer as a chart of characters: time to the right, value upwards, one letter per series, a legend with each
 * series' least, mean and last value. Columns between two steps are drawn on the way from one to the other; values that are not
 * finite leave gaps; of several points in one column the last is drawn.
 */
public final class Chart {
    private static final String SYMBOLS = "abcdefghijklmnopqrstuvwxyz";
    private static final String SINGLE = "*";

    private Chart() {}

    /** Extent of all finite points. */
    private record Extent(double fromSeconds, double toSeconds, double low, double high) {
        int column(double timeSeconds, int columns) {
            double width = toSeconds - fromSeconds;
            return width == 0 ? 0 : (int) Math.round((timeSeconds - fromSeconds) / width * (columns - 1));
        }

        int row(double value, int rows) {
            return high == low ? rows / 2 : (int) Math.round((value - low) / (high - low) * (rows - 1));
        }
    }

    public static String render(Answer answer, int columns, int rows, ZoneId zone) {
        List<Answer.Series> series = answer.series();
        Extent extent = extent(series);
        if (extent.low() > extent.high()) {
            return "no values\n";
        }
        char[][] grid = new char[rows][columns];
        for (char[] row : grid) {
            Arrays.fill(row, ' ');
        }
        int drawn = Math.min(series.size(), SYMBOLS.length());
        for (int i = drawn - 1; i >= 0; i--) {
            draw(series.get(i).points(), symbol(i, drawn), grid, extent);
        }
        StringBuilder text = new StringBuilder();
        appendGrid(text, grid, extent);
        appendTimes(text, columns, extent, zone);
        if (!answer.common().isEmpty()) {
            text.append("  ").append(answer.common()).append('\n');
        }
        for (int i = 0; i < drawn; i++) {
            text.append("  ")
                    .append(symbol(i, drawn))
                    .append("  ")
                    .append(legend(series.get(i)))
                    .append('\n');
        }
        if (drawn < series.size()) {
            text.append("  and ").append(series.size() - drawn).append(" more series, not drawn\n");
        }
        return text.toString();
    }

    private static void draw(List<Answer.Point> points, char symbol, char[][] grid, Extent extent) {
        int rows = grid.length;
        int columns = grid[0].length;
        double stepSeconds = stepSeconds(points);
        for (int i = 0; i < points.size(); i++) {
            Answer.Point point = points.get(i);
            if (!Double.isFinite(point.value())) {
                continue;
            }
            int column = extent.column(point.timeSeconds(), columns);
            grid[extent.row(point.value(), rows)][column] = symbol;
            Answer.Point next = i + 1 < points.size() ? points.get(i + 1) : point;
            if (!Double.isFinite(next.value()) || next.timeSeconds() - point.timeSeconds() > 1.5 * stepSeconds) {
                continue;
            }
            int width = extent.column(next.timeSeconds(), columns) - column;
            for (int x = 1; x < width; x++) {
                double value = point.value() + (next.value() - point.value()) * x / width;
                grid[extent.row(value, rows)][column + x] = symbol;
            }
        }
    }

    /** The least distance between two points: a larger one is a gap. */
    private static double stepSeconds(List<Answer.Point> points) {
        double least = Double.POSITIVE_INFINITY;
        for (int i = 1; i < points.size(); i++) {
            least = Math.min(
                    least, points.get(i).timeSeconds() - points.get(i - 1).timeSeconds());
        }
        return least;
    }

    private static Extent extent(List<Answer.Series> series) {
        double from = Double.POSITIVE_INFINITY;
        double to = Double.NEGATIVE_INFINITY;
        double low = Double.POSITIVE_INFINITY;
        double high = Double.NEGATIVE_INFINITY;
        for (Answer.Series one : series) {
            for (Answer.Point point : one.points()) {
                from = Math.min(from, point.timeSeconds());
                to = Math.max(to, point.timeSeconds());
                if (Double.isFinite(point.value())) {
                    low = Math.min(low, point.value());
                    high = Math.max(high, point.value());
                }
            }
        }
        return new Extent(from, to, low, high);
    }

    private static void appendGrid(StringBuilder text, char[][] grid, Extent extent) {
        for (int row = grid.length - 1; row >= 0; row--) {
            boolean labelled = row == grid.length - 1 || row == 0 || row == grid.length / 2;
            double value = grid.length == 1
                    ? extent.low()
                    : extent.low() + (extent.high() - extent.low()) * row / (grid.length - 1);
            text.append(String.format(Locale.ROOT, "%10s ", labelled ? number(value) : ""));
            text.append(labelled ? '+' : '|');
            text.append(new String(grid[row]).stripTrailing()).append('\n');
        }
    }

    private static void appendTimes(StringBuilder text, int columns, Extent extent, ZoneId zone) {
        boolean oneDay = extent.toSeconds() - extent.fromSeconds() < 86_400;
        DateTimeFormatter format = DateTimeFormatter.ofPattern(oneDay ? "HH:mm:ss" : "MM-dd HH:mm", Locale.ROOT)
                .withZone(zone);
        String left = format.format(Instant.ofEpochMilli((long) (extent.fromSeconds() * 1000)));
        String right = format.format(Instant.ofEpochMilli((long) (extent.toSeconds() * 1000)));
        text.append(" ".repeat(11)).append('+').append("-".repeat(columns)).append('\n');
        text.append(" ".repeat(12)).append(left);
        text.append(" ".repeat(Math.max(1, columns - left.length() - right.length())))
                .append(right)
                .append('\n');
    }

    private static String legend(Answer.Series series) {
        double[] finite = series.points().stream()
                .mapToDouble(Answer.Point::value)
                .filter(Double::isFinite)
                .toArray();
        String labels = series.labels().isEmpty() ? "{}" : series.labels();
        if (finite.length == 0) {
            return labels + "  no finite value";
        }
        double low = Arrays.stream(finite).min().orElse(Double.NaN);
        double mean = Arrays.stream(finite).average().orElse(Double.NaN);
        return labels + "  min " + number(low) + "  mean " + number(mean) + "  last "
                + number(finite[finite.length - 1]);
    }

    private static char symbol(int series, int drawn) {
        return drawn == 1 ? SINGLE.charAt(0) : SYMBOLS.charAt(series);
    }

    private static String number(double value) {
        double magnitude = Math.abs(value);
        if (value == Math.rint(value) && magnitude < 1e7) {
            return String.format(Locale.ROOT, "%.0f", value);
        }
        return String.format(Locale.ROOT, magnitude >= 1e7 || magnitude < 1e-3 ? "%.3g" : "%.4f", value)
                .replaceAll("(\\.[0-9]*?)0+$", "$1")
                .replaceAll("\\.$", "");
    }
}
