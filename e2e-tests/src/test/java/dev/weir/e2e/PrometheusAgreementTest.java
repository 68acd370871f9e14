package dev.weir.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.weir.simulator.fleet.Churn;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** A real Prometheus that scrapes the same fleet gives the same answers at constant load. */
class PrometheusAgreementTest {
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

    @Test
    void agreesWithinTwoPercent(@TempDir(cleanup = CleanupMode.ON_SUCCESS) Path folder) throws Exception {
        Assumptions.assumeTrue(WeirProcess.onPath("prometheus"), "prometheus is not on the PATH");
        Fleet fleet = Fleet.start(folder.resolve("targets.json"), Churn.NONE, 3);
        int port = WeirProcess.freePort();
        Process prometheus = startPrometheus(folder, fleet.targets, port);
        try (Scenario scenario = Scenario.start(folder, fleet, "5s")) {
            PromClient peer = new PromClient(URI.create("http://127.0.0.1:" + port));
            // A minute of releases, and the range itself, must lie behind the asked time.
            double from = Instant.now().getEpochSecond();
            Until.holds("frontier: ", LIMIT, () -> frontier(scenario), frontier -> frontier > from + 90);
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
        } finally {
            prometheus.destroyForcibly();
        }
    }

    private static double frontier(Scenario scenario) {
        double frontier = scenario.client.value("min(weir_frontier_timestamp_seconds)");
        return Double.isNaN(frontier) ? 0 : frontier;
    }

    private static Process startPrometheus(Path folder, Path targets, int port) throws IOException {
        Path config = folder.resolve("prometheus.yml");
        Files.writeString(config, """
                scrape_configs:
                - job_name: fleet
                  scrape_interval: 5s
                  scrape_timeout: 2s
                  file_sd_configs:
                  - {files: [%s]}
                """.formatted(targets));
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
