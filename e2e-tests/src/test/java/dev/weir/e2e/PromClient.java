package dev.weir.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** A client of Prometheus' HTTP API that shares no code with the server. */
public final class PromClient {
    private static final ObjectMapper JSON = new ObjectMapper();
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private final URI base;

    public PromClient(URI base) {
        this.base = base;
    }

    URI address() {
        return base;
    }

    /** What the API answers at {@code path}; GET. */
    JsonNode get(String path, Map<String, String> parameters) {
        return send(HttpRequest.newBuilder(base.resolve(path + "?" + form(parameters))));
    }

    /** The same; form POST. */
    JsonNode post(String path, Map<String, String> parameters) {
        return send(HttpRequest.newBuilder(base.resolve(path))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(form(parameters))));
    }

    /** An instant query's series by their labels' text, less the name; stale or absent ones are not there. */
    Map<String, Double> instant(String query) {
        return values(get("/api/v1/query", Map.of("query", query)));
    }

    Map<String, Double> instant(String query, double time) {
        return values(get("/api/v1/query", Map.of("query", query, "time", Double.toString(time))));
    }

    /** The one value of a query, NaN if there is none. */
    double value(String query) {
        return instant(query).values().stream().findFirst().orElse(Double.NaN);
    }

    /** The one series of a range query, by ms since the epoch; steps without a value are not there. */
    public NavigableMap<Long, Double> range(String query, long startMs, long endMs, long stepMs) {
        JsonNode answer = get(
                "/api/v1/query_range",
                Map.of(
                        "query", query,
                        "start", seconds(startMs),
                        "end", seconds(endMs),
                        "step", seconds(stepMs)));
        JsonNode result = answer.path("data").path("result");
        if (result.size() != 1) {
            throw new AssertionError(query + ": " + result.size() + " series (expected: 1): " + answer);
        }
        NavigableMap<Long, Double> values = new TreeMap<>();
        for (JsonNode point : result.path(0).path("values")) {
            values.put(
                    Math.round(point.path(0).asDouble() * 1000),
                    number(point.path(1).asText()));
        }
        return values;
    }

    private static String seconds(long ms) {
        return BigDecimal.valueOf(ms, 3).toPlainString();
    }

    static Map<String, Double> values(JsonNode answer) {
        Map<String, Double> values = new TreeMap<>();
        for (JsonNode series : answer.path("data").path("result")) {
            Map<String, String> labels = new TreeMap<>();
            series.path("metric")
                    .properties()
                    .forEach(
                            label -> labels.put(label.getKey(), label.getValue().asText()));
            values.put(labels.toString(), number(series.path("value").path(1).asText()));
        }
        return values;
    }

    private static double number(String text) {
        return switch (text) {
            case "+Inf" -> Double.POSITIVE_INFINITY;
            case "-Inf" -> Double.NEGATIVE_INFINITY;
            default -> Double.parseDouble(text);
        };
    }

    private JsonNode send(HttpRequest.Builder request) {
        try {
            HttpResponse<String> response =
                    http.send(request.timeout(Duration.ofSeconds(20)).build(), BodyHandlers.ofString());
            return JSON.readTree(response.body());
        } catch (IOException e) {
            throw new UncheckedIOException(request.build().uri() + ": " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static String form(Map<String, String> parameters) {
        return parameters.entrySet().stream()
                .map(parameter -> encode(parameter.getKey()) + "=" + encode(parameter.getValue()))
                .collect(Collectors.joining("&"));
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
