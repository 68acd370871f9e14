package dev.weir.promql.answers;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weir.promql.generator.Query;
import dev.weir.series.FloatText;
import dev.weir.series.Labels;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.StringJoiner;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A query and what Prometheus answered, as lines of text: {@code Q} the query, {@code T} the type of the value or
 * {@code E} that of the error with its text, {@code S} for each series its labels and its points by their distance to the
 * query's start in ms, {@code W} and {@code I} the warnings and infos. Parts of a line stand between tabs.
 */
record RecordedAnswer(Query query, Answer answer) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final TypeReference<Map<String, String>> LABELS = new TypeReference<>() {};

    List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add("Q\t" + query);
        if (answer.error() != null) {
            lines.add("E\t" + answer.type() + "\t" + json(answer.error()));
            return lines;
        }
        lines.add("T\t" + answer.type());
        for (Answer.Series series : answer.series()) {
            StringJoiner line = new StringJoiner("\t");
            line.add("S").add(json(series.labels().toMap()));
            series.points().forEach((timeMs, point) -> line.add((timeMs - query.startMs()) + "=" + text(point)));
            lines.add(line.toString());
        }
        answer.warnings().forEach(text -> lines.add("W\t" + text));
        answer.infos().forEach(text -> lines.add("I\t" + text));
        return lines;
    }

    /** Reads the lines of one answer. */
    static RecordedAnswer parse(List<String> lines) {
        Query query = Query.parse(lines.get(0).split("\t", 2)[1]);
        String type = "";
        @Nullable String error = null;
        List<Answer.Series> series = new ArrayList<>();
        List<String> warnings = new ArrayList<>();
        List<String> infos = new ArrayList<>();
        for (String line : lines.subList(1, lines.size())) {
            String[] parts = line.split("\t");
            switch (parts[0]) {
                case "T" -> type = parts[1];
                case "E" -> {
                    type = parts[1];
                    error = read(parts[2], new TypeReference<String>() {});
                }
                case "S" -> series.add(series(parts, query.startMs(), type.equals("string")));
                case "W" -> warnings.add(parts[1]);
                case "I" -> infos.add(parts[1]);
                default -> throw new IllegalArgumentException("line: " + line + " (expected: one of T, E, S, W, I)");
            }
        }
        return new RecordedAnswer(query, new Answer(type, error, series, warnings, infos));
    }

    private static Answer.Series series(String[] parts, long startMs, boolean isText) {
        NavigableMap<Long, Object> points = new TreeMap<>();
        for (int i = 2; i < parts.length; i++) {
            String[] point = parts[i].split("=", 2);
            points.put(startMs + Long.parseLong(point[0]), point(point[1], isText));
        }
        return new Answer.Series(Labels.of(read(parts[1], LABELS)), points);
    }

    private static Object point(String text, boolean isText) {
        if (isText) {
            return read(text, new TypeReference<String>() {});
        }
        return text.startsWith("{") ? HistogramPoint.parse(text) : (Object) HistogramPoint.number(text);
    }

    private static String text(Object point) {
        if (point instanceof Double number) {
            return FloatText.general(number);
        }
        return point instanceof String text ? json(text) : point.toString();
    }

    private static String json(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("no JSON: " + value, e);
        }
    }

    private static <T> T read(String json, TypeReference<T> type) {
        try {
            return JSON.readValue(json, type);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("no JSON: " + json, e);
        }
    }
}
