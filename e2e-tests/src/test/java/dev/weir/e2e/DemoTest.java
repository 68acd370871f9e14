package dev.weir.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.e2e.SeedQueries.SeedQuery;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./weir demo}: every query that the documented systems offer is answered on its routes. */
class DemoTest {
    private static final Duration START_LIMIT = Duration.ofSeconds(90);
    private static final Duration SEEDS_LIMIT = Duration.ofMinutes(1);
    private static final Duration FILLED = Duration.ofSeconds(115);
    private static final Duration MINUTELY_LIMIT = Duration.ofSeconds(150);

    @Test
    void answersEverySeedQueryOnItsRoutes(@TempDir(cleanup = CleanupMode.ON_SUCCESS) Path folder) throws Exception {
        List<SeedQuery> queries = SeedQueries.all();
        int port = FreePort.next();
        try (WeirProcess weir = WeirProcess.startAll(
                folder.resolve("weir.log"),
                "demo",
                "--data-dir",
                folder.resolve("data").toString(),
                "--port",
                Integer.toString(port))) {
            weir.awaitLog("ready", START_LIMIT);
            PromClient client = new PromClient(URI.create("http://127.0.0.1:" + port));
            long readyNanos = System.nanoTime();
            for (SeedQuery query : queries) {
                Duration limit = query.isMinutely() ? MINUTELY_LIMIT : SEEDS_LIMIT;
                Duration left = limit.minusNanos(System.nanoTime() - readyNanos);
                Until.holds(query + ": " + query.text() + ": ", left, () -> query.unanswered(client), List::isEmpty);
            }
            // The compared minute must lie behind the start and all releases.
            Until.holds("time: ", FILLED, () -> System.nanoTime() - readyNanos, past -> past > FILLED.toNanos() - 5e9);
            compareWithTruth(client, new PromClient(truthAddress(weir)));
            for (String model : PromClient.values(client.get(
                            "/api/v1/query",
                            Map.of("query", "sum by (model_name) (rate(vllm:request_success_total[1m]))")))
                    .keySet()) {
                String selector = model.replace("=", "=\"").replace("}", "\", source=\"requests\"}");
                assertTrue(client.value("sum(rate(inference_requests_total" + selector + "[1m]))") > 0, model);
                assertTrue(
                        client.value("histogram_quantile(0.99, sum(rate(inference_time_to_first_token_seconds"
                                        + selector + "[1m])))")
                                > 0,
                        model);
            }
            tellsHowGoodItsDataIs(client, port);
            assertEquals(List.of(), Dashboards.unanswered(client));
        }
    }

    private static void tellsHowGoodItsDataIs(PromClient client, int port) throws Exception {
        assertEquals(1, client.value("max(inference_completeness_ratio{model_server=\"vllm\"})"));
        assertTrue(client.value("min(inference_completeness_ratio)") > 0.5);
        HttpRequest page = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/metrics"))
                .build();
        String metrics = HttpClient.newHttpClient()
                .send(page, HttpResponse.BodyHandlers.ofString())
                .body();
        Matcher fresh = Pattern.compile("(?m)^weir_freshness_seconds_bucket\\{.*le=\"20.0\"} ([0-9.E]+)$")
                .matcher(metrics);
        assertTrue(fresh.find() && Double.parseDouble(fresh.group(1)) > 0, metrics);
    }

    /** Rates over a minute that lies behind all releases, within 2 %; quantiles within their bucket. */
    private static void compareWithTruth(PromClient client, PromClient truth) {
        double at = Instant.now().getEpochSecond() - 20.0;
        JsonNode pipelines = truth.get(
                        "/truth/rates", Map.of("window", "60", "at", Long.toString(Math.round(at * 1000))))
                .path("pipelines");
        for (JsonNode pipeline : pipelines) {
            String name = pipeline.path("pipeline_name").asText();
            String selector = "{pipeline_name=\"" + name + "\"}[1m]";
            if (pipeline.path("engine").asText().equals("vllm")) {
                same(client, "sum(rate(vllm:generation_tokens_total" + selector + "))", at, pipeline, "output_tokens_");
                sameBucket(
                        client, "vllm:time_to_first_token_seconds_bucket", 1, selector, at, pipeline, "ttft_seconds");
            } else if (pipeline.path("engine").asText().equals("wallaroo-engine")) {
                same(client, "sum(rate(latency_histogram_ns_count" + selector + "))", at, pipeline, "requests_");
                same(client, "sum(rate(tensor_throughput_batch_count" + selector + "))", at, pipeline, "inferences_");
                sameBucket(client, "latency_histogram_ns_bucket", 1e9, selector, at, pipeline, "latency_seconds");
            }
        }
    }

    private static void same(PromClient client, String query, double at, JsonNode truth, String rate) {
        double expected = truth.path(rate + "per_second").asDouble();
        double actual = client.instant(query, at).getOrDefault("{}", Double.NaN);
        assertEquals(expected, actual, 0.02 * expected, query);
    }

    private static void sameBucket(
            PromClient client, String buckets, double unit, String selector, double at, JsonNode truth, String what) {
        TreeSet<Double> bounds = new TreeSet<>();
        client.instant("sum by (le) (rate(" + buckets + selector + "))", at)
                .keySet()
                .forEach(labels -> {
                    String le = labels.substring("{le=".length(), labels.length() - 1);
                    bounds.add(le.equals("+Inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(le) / unit);
                });
        for (String quantile : List.of("0.5", "0.95", "0.99")) {
            String query = "histogram_quantile(" + quantile + ", sum by (le) (rate(" + buckets + selector + ")))";
            double actual = client.instant(query, at).getOrDefault("{}", Double.NaN) / unit;
            double expected = truth.path(what)
                    .path(quantile.equals("0.5") ? "p50" : "p" + quantile.substring(2))
                    .asDouble();
            // A true value that all but lies on a bound may fall on either side of it a second later.
            assertTrue(
                    bounds.ceiling(actual).equals(bounds.ceiling(expected * 1.03))
                            || bounds.ceiling(actual).equals(bounds.ceiling(expected * 0.97)),
                    query + ": " + actual + ", truly " + expected + ", buckets " + bounds);
        }
    }

    /** As the start page says. */
    private static URI truthAddress(WeirProcess weir) throws Exception {
        weir.awaitLog("/truth", START_LIMIT);
        Matcher address = Pattern.compile("http://[0-9.:]+(?=/truth)").matcher(weir.log());
        assertTrue(address.find());
        return URI.create(address.group());
    }
}
