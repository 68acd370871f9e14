package dev.weir.benchmarks.sidebyside;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;

/** A query's values by their labels and time. */
record Answer(Map<String, Double> valueByPoint) {
    private static final ObjectMapper JSON = new ObjectMapper();

    Answer {
        valueByPoint = Map.copyOf(valueByPoint);
    }

    /** @throws IOException if {@code body} is no answer of Prometheus' API */
    static Answer parse(byte[] body) throws IOException {
        Map<String, Double> values = new TreeMap<>();
        for (JsonNode series : JSON.readTree(body).path("data").path("result")) {
            Map<String, String> labels = new TreeMap<>();
            series.path("metric")
                    .properties()
                    .forEach(l -> labels.put(l.getKey(), l.getValue().asText()));
            if (series.has("value")) {
                put(values, labels, series.path("value"));
            }
            for (JsonNode point : series.path("values")) {
                put(values, labels, point);
            }
        }
        return new Answer(values);
    }

    int size() {
        return valueByPoint.size();
    }

    /** How many points only one of the two has. */
    int unmatched(Answer other) {
        int unmatched = 0;
        for (String point : valueByPoint.keySet()) {
            unmatched += other.valueByPoint.containsKey(point) ? 0 : 1;
        }
        return unmatched + other.size() - (size() - unmatched);
    }

    /** The greatest relative difference of a value of a point that both have. */
    double greatestDifference(Answer other) {
        double greatest = 0;
        for (Map.Entry<String, Double> point : valueByPoint.entrySet()) {
            Double theirs = other.valueByPoint.get(point.getKey());
            double ours = point.getValue();
            if (theirs != null && Double.compare(ours, theirs) != 0) {
                double scale = Math.max(Math.abs(ours), Math.abs(theirs));
                double difference = Math.abs(ours - theirs) / scale;
                greatest = Math.max(greatest, Double.isNaN(difference) ? Double.POSITIVE_INFINITY : difference);
            }
        }
        return greatest;
    }

    private static void put(Map<String, Double> values, Map<String, String> labels, JsonNode point) {
        String text = point.path(1).asText();
        double value = switch (text) {
            case "+Inf" -> Double.POSITIVE_INFINITY;
            case "-Inf" -> Double.NEGATIVE_INFINITY;
            default -> Double.parseDouble(text);
        };
        values.put(labels + "@" + point.path(0).asText(), value);
    }
}
