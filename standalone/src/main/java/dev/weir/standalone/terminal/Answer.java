package dev.weir.standalone.terminal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weir.standalone.StartupException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A query's result as far as a terminal shows it.
 *
 * @param type vector, matrix, scalar or string
 * @param common the labels that all of several series have in common, which are then left out of theirs; "" if there are none
 * @param notes warnings and infos of the server, as it words them
 */
public record Answer(String type, String common, List<Series> series, List<String> notes) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String NAME = "__name__";

    /**
     * One series of the result.
     *
     * @param labels as PromQL writes them; empty for scalars and strings
     */
    public record Series(String labels, List<Point> points) {}

    /**
     * One value.
     *
     * @param text as the server wrote it; a native histogram in a few words
     * @param value NaN where the text is no number
     */
    public record Point(double timeSeconds, String text, double value) {}

    /**
     * The answer in {@code json}, the body of a 200 of the Prometheus HTTP API.
     *
     * @throws StartupException if it is none
     */
    public static Answer parse(String json) {
        try {
            JsonNode root = JSON.readTree(json);
            JsonNode data = root.path("data");
            String type = data.path("resultType").asText("");
            List<Series> series = new ArrayList<>();
            Map<String, String> common = new TreeMap<>();
            if (type.equals("scalar") || type.equals("string")) {
                series.add(new Series("", List.of(point(data.path("result")))));
            } else if (type.equals("vector") || type.equals("matrix")) {
                common.putAll(common(data.path("result")));
                data.path("result").forEach(node -> series.add(series(node, common.keySet())));
            } else {
                throw new StartupException("the server's answer is no query result: " + head(json));
            }
            List<String> notes = new ArrayList<>();
            root.path("warnings").forEach(text -> notes.add(text.asText()));
            root.path("infos").forEach(text -> notes.add(text.asText()));
            return new Answer(type, common.isEmpty() ? "" : text(common), List.copyOf(series), List.copyOf(notes));
        } catch (JsonProcessingException e) {
            throw new StartupException("the server's answer is not JSON: " + head(json), e);
        }
    }

    /** The error in the body of a refusal, with its type; null if the body holds none. */
    public static @Nullable String errorOf(String json) {
        try {
            JsonNode root = JSON.readTree(json);
            String error = root.path("error").asText("");
            return error.isEmpty() ? null : root.path("errorType").asText("error") + ": " + error;
        } catch (JsonProcessingException e) {
            return null;
        }
    }

    /** Empty if that would save nothing but the name. */
    private static Map<String, String> common(JsonNode series) {
        Map<String, String> common = new TreeMap<>();
        for (JsonNode one : series) {
            Map<String, String> labels = labels(one.path("metric"));
            if (one.equals(series.path(0))) {
                common.putAll(labels);
            } else {
                common.entrySet().removeIf(label -> !label.getValue().equals(labels.get(label.getKey())));
            }
        }
        boolean isWorthIt = series.size() > 1 && common.keySet().stream().anyMatch(name -> !name.equals(NAME));
        return isWorthIt ? common : Map.of();
    }

    private static Series series(JsonNode node, Set<String> common) {
        List<Point> points = new ArrayList<>();
        if (node.has("value")) {
            points.add(point(node.path("value")));
        } else if (node.has("histogram")) {
            points.add(histogram(node.path("histogram")));
        }
        node.path("values").forEach(pair -> points.add(point(pair)));
        node.path("histograms").forEach(pair -> points.add(histogram(pair)));
        Map<String, String> labels = labels(node.path("metric"));
        labels.keySet().removeAll(common);
        return new Series(text(labels), List.copyOf(points));
    }

    private static Point point(JsonNode pair) {
        String text = pair.path(1).asText();
        return new Point(pair.path(0).asDouble(), text, number(text));
    }

    private static Point histogram(JsonNode pair) {
        JsonNode histogram = pair.path(1);
        String text = "histogram count=" + histogram.path("count").asText() + " sum="
                + histogram.path("sum").asText();
        return new Point(
                pair.path(0).asDouble(), text, number(histogram.path("count").asText()));
    }

    private static double number(String text) {
        try {
            return switch (text) {
                case "+Inf" -> Double.POSITIVE_INFINITY;
                case "-Inf" -> Double.NEGATIVE_INFINITY;
                default -> Double.parseDouble(text);
            };
        } catch (NumberFormatException e) {
            return Double.NaN;
        }
    }

    private static Map<String, String> labels(JsonNode metric) {
        Map<String, String> labels = new TreeMap<>();
        metric.properties()
                .forEach(label -> labels.put(label.getKey(), label.getValue().asText()));
        return labels;
    }

    private static String text(Map<String, String> labels) {
        String name = labels.getOrDefault(NAME, "");
        String others = labels.entrySet().stream()
                .filter(label -> !label.getKey().equals(NAME))
                .map(label -> label.getKey() + "=\"" + label.getValue() + '"')
                .collect(Collectors.joining(", "));
        return others.isEmpty() && !name.isEmpty() ? name : name + "{" + others + "}";
    }

    private static String head(String text) {
        String line = text.strip().replaceAll("\\s+", " ");
        return line.substring(0, Math.min(200, line.length()));
    }
}
