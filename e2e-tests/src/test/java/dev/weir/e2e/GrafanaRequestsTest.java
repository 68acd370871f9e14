package dev.weir.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weir.queryserver.QueryServer;
import dev.weir.queryserver.QueryServerOptions;
import dev.weir.schemas.remotewrite.Label;
import dev.weir.schemas.remotewrite.Sample;
import dev.weir.schemas.remotewrite.TimeSeries;
import dev.weir.schemas.remotewrite.WriteRequest;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.xerial.snappy.Snappy;
import org.yaml.snakeyaml.Yaml;

/** What Grafana's Prometheus data source sends, on every base that it may be given, beside a real Prometheus. */
class GrafanaRequestsTest {
    private static final List<String> BASES =
            List.of("", "/v1/metrics", "/v1/api/metrics", "/v1alpha5/projects/p/metrics/timeseries");
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final long START_S = 1_790_000_000L;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http = HttpClient.newHttpClient();

    @Test
    void isAnsweredAlikeOnEveryBase(@TempDir(cleanup = CleanupMode.ON_SUCCESS) Path directory) throws Exception {
        List<Map<String, Object>> requests =
                new Yaml().load(Files.readString(SharedFolder.file("grafana-requests.yaml")));
        QueryServerOptions options = QueryServerOptions.of(directory.resolve("data"))
                .withListen("127.0.0.1", 0)
                .withRetention(Duration.ofDays(36_500));
        try (QueryServer server = QueryServer.start(options)) {
            String address = "http://127.0.0.1:" + server.address().getPort();
            write(address);
            for (Map<String, Object> request : requests) {
                HttpResponse<String> first = send(address, request);
                assertEquals(request.containsKey("expect") ? 400 : 200, first.statusCode(), request + first.body());
                for (String base : BASES) {
                    HttpResponse<String> answer = send(address + base, request);
                    assertEquals(first.body(), answer.body(), base + " " + request);
                }
            }
        }
    }

    @Test
    void hasTheShapeThatARealPrometheusGivesIt(@TempDir(cleanup = CleanupMode.ON_SUCCESS) Path directory)
            throws Exception {
        Assumptions.assumeTrue(WeirProcess.onPath("prometheus"), "prometheus is not on the PATH");
        List<Map<String, Object>> requests =
                new Yaml().load(Files.readString(SharedFolder.file("grafana-requests.yaml")));
        Path config = Files.writeString(directory.resolve("prometheus.yml"), "global: {}\n");
        int port = FreePort.next();
        Process prometheus = new ProcessBuilder(
                        "prometheus",
                        "--config.file=" + config,
                        "--storage.tsdb.path=" + directory.resolve("tsdb"),
                        "--storage.tsdb.retention.time=100y",
                        "--enable-feature=exemplar-storage",
                        "--web.enable-remote-write-receiver",
                        "--web.listen-address=127.0.0.1:" + port)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("prometheus.log").toFile())
                .start();
        QueryServerOptions options = QueryServerOptions.of(directory.resolve("data"))
                .withListen("127.0.0.1", 0)
                .withRetention(Duration.ofDays(36_500));
        try (QueryServer server = QueryServer.start(options)) {
            String reference = "http://127.0.0.1:" + port;
            Until.holds("readiness of Prometheus", LIMIT, () -> isReady(reference), ready -> ready);
            String address = "http://127.0.0.1:" + server.address().getPort();
            write(address);
            write(reference);
            for (Map<String, Object> request : requests) {
                HttpResponse<String> expected = send(reference, request);
                // The Prometheus of distributions is older than escaped label names.
                if (!String.valueOf(request.get("path")).contains("U__")) {
                    HttpResponse<String> answer = send(address, request);
                    assertEquals(expected.statusCode(), answer.statusCode(), request.toString());
                    assertEquals(shape(expected.body()), shape(answer.body()), request + answer.body());
                    assertEquals(
                            expected.headers().firstValue("Content-Type"),
                            answer.headers().firstValue("Content-Type"));
                }
            }
        } finally {
            prometheus.destroy();
        }
    }

    private boolean isReady(String address) {
        try {
            return http.send(
                                    HttpRequest.newBuilder(URI.create(address + "/-/ready"))
                                            .build(),
                                    HttpResponse.BodyHandlers.discarding())
                            .statusCode()
                    == 200;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private HttpResponse<String> send(String base, Map<String, Object> request) throws Exception {
        String form = form(request.get("params"));
        boolean isPost = "POST".equals(request.get("method"));
        String path = base + request.get("path") + (isPost || form.isEmpty() ? "" : "?" + form);
        HttpRequest.Builder built = HttpRequest.newBuilder(URI.create(path));
        if (isPost) {
            built.header("Content-Type", "application/x-www-form-urlencoded")
                    .POST(HttpRequest.BodyPublishers.ofString(form));
        }
        if (request.get("headers") instanceof Map<?, ?> headers) {
            headers.forEach((name, value) -> built.header(name.toString(), value.toString()));
        }
        return http.send(built.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static String form(@Nullable Object params) {
        List<String> pairs = new ArrayList<>();
        if (params instanceof Map<?, ?> map) {
            map.forEach((name, value) -> {
                Collection<?> values = value instanceof Collection<?> several ? several : List.of(value);
                values.forEach(one -> pairs.add(encode(name.toString()) + "=" + encode(one.toString())));
            });
        }
        return String.join("&", pairs);
    }

    /** JSON less what it says: members' names, types, and for lists the set of what stands in them. */
    private static String shape(String json) throws IOException {
        return shape(JSON.readTree(json));
    }

    private static String shape(JsonNode node) {
        if (node.isObject()) {
            return new TreeSet<>(node.properties().stream()
                            // Texts of errors and what a build is called are each one's own.
                            .map(member -> member.getKey() + shape(member.getValue()))
                            .toList())
                    .toString();
        }
        if (node.isArray()) {
            return StreamSupport.stream(node.spliterator(), false)
                    .map(GrafanaRequestsTest::shape)
                    .distinct()
                    .sorted()
                    .collect(Collectors.joining(",", "(", ")"));
        }
        return ":" + node.getNodeType();
    }

    private void write(String address) throws Exception {
        WriteRequest.Builder request = WriteRequest.newBuilder();
        add(request, "vllm:generation_tokens_total", "model_name", "m");
        add(request, "vllm:num_requests_running", "model_name", "m");
        add(request, "vllm:time_to_first_token_seconds_bucket", "le", "0.5");
        add(request, "vllm:time_to_first_token_seconds_bucket", "le", "+Inf");
        add(request, "inference_replicas", "model_name", "m");
        add(request, "latency_histogram_ns_count", "pipeline_name", "q");
        add(request, "up", "job", "j");
        HttpRequest post = HttpRequest.newBuilder(URI.create(address + "/api/v1/write"))
                .header("Content-Encoding", "snappy")
                .header("Content-Type", "application/x-protobuf")
                .header("X-Prometheus-Remote-Write-Version", "0.1.0")
                .POST(HttpRequest.BodyPublishers.ofByteArray(
                        Snappy.compress(request.build().toByteArray())))
                .build();
        HttpResponse<String> answer = http.send(post, HttpResponse.BodyHandlers.ofString());
        assertTrue(answer.statusCode() == 204, answer.body());
    }

    private static void add(WriteRequest.Builder request, String metric, String name, String value) {
        TimeSeries.Builder series = TimeSeries.newBuilder().addLabels(label("__name__", metric));
        if (name.compareTo("project_id") < 0) {
            series.addLabels(label(name, value)).addLabels(label("project_id", "p"));
        } else {
            series.addLabels(label("project_id", "p")).addLabels(label(name, value));
        }
        for (int i = 0; i <= 240; i++) {
            series.addSamples(
                    Sample.newBuilder().setTimestamp((START_S + i * 15L) * 1000).setValue(i * i));
        }
        request.addTimeseries(series);
    }

    private static Label label(String name, String value) {
        return Label.newBuilder().setName(name).setValue(value).build();
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
