package dev.weir.promql.answers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weir.promql.generator.Query;
import dev.weir.schemas.remotewrite.WriteRequest;
import dev.weir.series.HistogramBuckets.Bucket;
import dev.weir.series.Labels;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.StringJoiner;
import java.util.TreeMap;
import org.xerial.snappy.Snappy;

/** Prometheus' HTTP API: what is written to it, and what it answers. */
final class PrometheusApi {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int LOWER_CLOSED_UPPER_OPEN = 1;
    private static final int BOTH_OPEN = 2;
    private static final int BOTH_CLOSED = 3;

    private final HttpClient client = HttpClient.newHttpClient();
    private final String url;

    PrometheusApi(String url) {
        this.url = url;
    }

    /** @throws IOException unless all of it is stored */
    void write(WriteRequest request) throws IOException, InterruptedException {
        HttpRequest post = HttpRequest.newBuilder(URI.create(url + "/api/v1/write"))
                .header("Content-Encoding", "snappy")
                .header("Content-Type", "application/x-protobuf")
                .POST(BodyPublishers.ofByteArray(Snappy.compress(request.toByteArray())))
                .build();
        HttpResponse<String> response = client.send(post, HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() / 100 != 2) {
            throw new IOException("remote write: status " + response.statusCode() + ", " + response.body());
        }
    }

    boolean isReady() throws InterruptedException {
        try {
            HttpRequest get =
                    HttpRequest.newBuilder(URI.create(url + "/-/ready")).build();
            return client.send(get, HttpResponse.BodyHandlers.ofString()).statusCode() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    Answer ask(Query query) throws IOException, InterruptedException {
        StringJoiner form = new StringJoiner("&");
        List<String> parameters = query.parameters();
        for (int i = 0; i < parameters.size(); i += 2) {
            form.add(parameters.get(i) + "=" + URLEncoder.encode(parameters.get(i + 1), StandardCharsets.UTF_8));
        }
        String path = query.isInstant() ? "/api/v1/query" : "/api/v1/query_range";
        HttpRequest post = HttpRequest.newBuilder(URI.create(url + path))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(form.toString()))
                .build();
        return answer(JSON.readTree(
                client.send(post, HttpResponse.BodyHandlers.ofByteArray()).body()));
    }

    private static Answer answer(JsonNode body) {
        if (body.path("status").asText().equals("error")) {
            return Answer.error(
                    body.path("errorType").asText(), body.path("error").asText());
        }
        String type = body.path("data").path("resultType").asText();
        JsonNode result = body.path("data").path("result");
        List<Answer.Series> series = new ArrayList<>();
        if (type.equals("scalar") || type.equals("string")) {
            NavigableMap<Long, Object> points = new TreeMap<>();
            String text = result.path(1).asText();
            points.put(timeMs(result), type.equals("string") ? text : (Object) HistogramPoint.number(text));
            series.add(new Answer.Series(Labels.EMPTY, points));
        } else {
            result.forEach(each -> series.add(series(each)));
        }
        return new Answer(type, null, series, texts(body.path("warnings")), texts(body.path("infos")));
    }

    private static Answer.Series series(JsonNode node) {
        Labels.Builder labels = Labels.builder();
        node.path("metric")
                .properties()
                .forEach(label -> labels.set(label.getKey(), label.getValue().asText()));
        NavigableMap<Long, Object> points = new TreeMap<>();
        node.path("values").forEach(point -> addFloat(points, point));
        node.path("histograms").forEach(point -> addHistogram(points, point));
        if (node.has("value")) {
            addFloat(points, node.path("value"));
        }
        if (node.has("histogram")) {
            addHistogram(points, node.path("histogram"));
        }
        return new Answer.Series(labels.build(), points);
    }

    private static void addFloat(NavigableMap<Long, Object> points, JsonNode point) {
        points.put(timeMs(point), HistogramPoint.number(point.path(1).asText()));
    }

    private static void addHistogram(NavigableMap<Long, Object> points, JsonNode point) {
        JsonNode histogram = point.path(1);
        List<Bucket> buckets = new ArrayList<>();
        for (JsonNode bucket : histogram.path("buckets")) {
            int rule = bucket.path(0).asInt();
            buckets.add(new Bucket(
                    HistogramPoint.number(bucket.path(1).asText()),
                    HistogramPoint.number(bucket.path(2).asText()),
                    rule == LOWER_CLOSED_UPPER_OPEN || rule == BOTH_CLOSED,
                    rule != LOWER_CLOSED_UPPER_OPEN && rule != BOTH_OPEN,
                    HistogramPoint.number(bucket.path(3).asText())));
        }
        points.put(
                timeMs(point),
                new HistogramPoint(
                        HistogramPoint.number(histogram.path("count").asText()),
                        HistogramPoint.number(histogram.path("sum").asText()),
                        buckets));
    }

    private static long timeMs(JsonNode point) {
        return Math.round(point.path(0).asDouble() * 1000);
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(text -> texts.add(text.asText()));
        return texts;
    }
}
