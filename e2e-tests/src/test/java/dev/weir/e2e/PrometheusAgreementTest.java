package dev.weir.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.simulator.fleet.Churn;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** A real Prometheus that scrapes the same fleet gives the same answers at constant load; it watches Weir, too. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PrometheusAgreementTest {
    private static final Pattern OWN_METRIC = Pattern.compile("\\b(weir|flink)_[A-Za-z0-9_]+");
    private static final double TOLERANCE = 0.02;
    private static final Duration LIMIT = Duration.ofSeconds(150);
    private static final String NAMESPACE = "{kubernetes_namespace=\"llama-3-1-8b-pipeline-210\"}";

    /** Counters and histograms of the documented queries, over a range that both have filled. */
    private static final List<String> QUERIES = List.of(
            "sum by (pipeline_name) (rate(latency_histogram_ns_count[1m]))",
            "sum by (pipeline_name) (rate(tensor_throughput_batch_count[1m]))",
            "histogram_quantile(0.50, sum(rate(latency_histogram_ns_bucket{deploy_id=\"17\"}[1m])) by (le)) / 1e6",
            "histogram_quantile(0.95, sum(rate(latency_histogram_ns_bucket{deploy_id=\"17\"}[1m])) by (le)) / 1e6",
            "histogram_quantile(0.99, sum(rate(latency_histogram_ns_bucket{deploy_id=\"17\"}[1m])) by (le)) / 1e6",
            "sum by (kubernetes_namespace) (rate(vllm:generation_tokens_total" + NAMESPACE + "[1m]))",
            "histogram_quantile(0.50, sum(rate(vllm:time_to_first_token_seconds_bucket" + NAMESPACE
                    + "[1m])) by (le)) * 1000",
            "histogram_quantile(0.95, sum(rate(vllm:time_to_first_token_seconds_bucket" + NAMESPACE
                    + "[1m])) by (le)) * 1000",
            "sum(rate(inference_model_request_total[1m]))",
            "sum(rate(ts_inference_requests_total[1m]))",
            "count(container_memory_usage_bytes{container=\"engine\"})");

    @SuppressWarnings("NullAway.Init")
    private Process prometheus;

    @SuppressWarnings("NullAway.Init")
    private PromClient peer;

    @SuppressWarnings("NullAway.Init")
    private Scenario scenario;

    @BeforeAll
    void startBoth(@TempDir(cleanup = CleanupMode.ON_SUCCESS) Path folder) throws Exception {
        Assumptions.assumeTrue(WeirProcess.onPath("prometheus"), "prometheus is not on the PATH");
        Fleet fleet = Fleet.start(folder.resolve("targets.json"), Churn.NONE, 3);
        scenario = Scenario.start(folder, fleet, "5s");
        int port = FreePort.next();
        prometheus = startPrometheus(folder, fleet.targets, scenario.client.address(), port);
        peer = new PromClient(URI.create("http://127.0.0.1:" + port));
        // A minute of releases, and the range itself, must lie behind the asked time.
        double from = Instant.now().getEpochSecond();
        Until.holds("frontier: ", LIMIT, this::frontier, frontier -> frontier > from + 90);
    }

    @AfterAll
    void stopBoth() {
        if (prometheus != null) {
            prometheus.destroyForcibly();
        }
        if (scenario != null) {
            scenario.close();
        }
    }

    @Test
    void agreesWithinTwoPercent() {
        double at = Instant.now().getEpochSecond() - 15;
        for (String query : QUERIES) {
            Map<String, Double> expected = peer.instant(query, at);
            Map<String, Double> actual = scenario.client.instant(query, at);
            assertFalse(expected.isEmpty(), "prometheus has nothing for " + query);
            assertEquals(expected.keySet(), actual.keySet(), query);
            expected.forEach((labels, value) -> assertEquals(
                    value,
                    actual.getOrDefault(labels, Double.NaN),
                    Math.abs(value) * TOLERANCE,
                    query + " of " + labels));
        }
    }

    @Test
    void watchesWeirItselfByTheRulesAndTheDashboardForIt() throws IOException {
        assertEquals(List.of(), Dashboards.unansweredOperations(peer));
        JsonNode groups =
                peer.get("/api/v1/rules", Map.of("type", "alert")).path("data").path("groups");
        assertTrue(groups.size() >= 4, groups::toString);
        Set<String> unknown = new TreeSet<>();
        for (JsonNode group : groups) {
            for (JsonNode rule : group.path("rules")) {
                assertEquals("ok", rule.path("health").asText(), rule::toString);
                Matcher names = OWN_METRIC.matcher(rule.path("query").asText());
                while (names.find()) {
                    // A family of which nothing has happened yet has no series.
                    if (peer.instant("count(" + names.group() + ")").isEmpty()
                            && peer.get("/api/v1/metadata", Map.of("metric", names.group()))
                                    .path("data")
                                    .isEmpty()) {
                        unknown.add(rule.path("name").asText() + ": " + names.group());
                    }
                }
            }
        }
        assertEquals(Set.of(), unknown, "metrics that no process exposes");
        assertEquals(Map.of(), peer.instant("ALERTS{severity=\"critical\", alertstate=\"firing\"}"));
    }

    private double frontier() {
        double frontier = scenario.client.value("min(weir_frontier_timestamp_seconds)");
        return Double.isNaN(frontier) ? 0 : frontier;
    }

    private static Process startPrometheus(Path folder, Path targets, URI weir, int port) throws IOException {
        Path config = folder.resolve("prometheus.yml");
        Files.writeString(config, """
                global: {scrape_interval: 5s, evaluation_interval: 5s}
                rule_files: [%s/deploy/prometheus/weir-processes.rules.yml]
                scrape_configs:
                - job_name: fleet
                  scrape_timeout: 2s
                  file_sd_configs:
                  - {files: [%s]}
                - job_name: weir
                  static_configs: [{targets: ['%s']}]
                """.formatted(System.getProperty("weir.root"), targets, weir.getAuthority()));
        return new ProcessBuilder(
                        "prometheus",
                        "--config.file=" + config,
                        "--storage.tsdb.path=" + folder.resolve("prometheus"),
                        "--web.listen-address=127.0.0.1:" + port)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("prometheus.log").toFile())
                .start();
    }
}
