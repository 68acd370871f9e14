package dev.weir.promql.generator;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A query and where to evaluate it.
 *
 * @param stepMs 0 for an instant query, at {@code startMs}, which {@code endMs} then equals
 * @param lookbackMs 0 for the engine's own
 */
public record Query(String text, long startMs, long endMs, long stepMs, long lookbackMs) {
    private static final int FIELDS = 5;

    public Query {
        if (text.indexOf('\n') >= 0 || stepMs < 0 || endMs < startMs || (stepMs == 0 && endMs != startMs)) {
            throw new IllegalArgumentException("query: " + text + " from " + startMs + " to " + endMs + " by " + stepMs
                    + " (expected: one line, and times in order)");
        }
    }

    public boolean isInstant() {
        return stepMs == 0;
    }

    /** One line that {@link #parse} reads. */
    @Override
    public String toString() {
        return startMs + " " + endMs + " " + stepMs + " " + lookbackMs + " " + text;
    }

    public static Query parse(String line) {
        String[] fields = line.split(" ", FIELDS);
        return new Query(
                fields[4],
                Long.parseLong(fields[0]),
                Long.parseLong(fields[1]),
                Long.parseLong(fields[2]),
                Long.parseLong(fields[3]));
    }

    /** Its parameters in Prometheus' HTTP API, names and values in turn. */
    public List<String> parameters() {
        List<String> parameters = new ArrayList<>(List.of("query", text));
        if (isInstant()) {
            parameters.addAll(List.of("time", seconds(startMs)));
        } else {
            parameters.addAll(List.of("start", seconds(startMs), "end", seconds(endMs), "step", seconds(stepMs)));
        }
        if (lookbackMs > 0) {
            parameters.addAll(List.of("lookback_delta", seconds(lookbackMs)));
        }
        return parameters;
    }

    private static String seconds(long timeMs) {
        return String.format(Locale.ROOT, "%d.%03d", timeMs / 1000, timeMs % 1000);
    }
}
