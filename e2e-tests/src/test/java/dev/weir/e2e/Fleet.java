package dev.weir.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.simulator.FleetOptions;
import dev.weir.simulator.FleetSimulator;
import dev.weir.simulator.fleet.Churn;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** A simulated fleet in this process, and its truth as its own HTTP API tells it. */
final class Fleet implements AutoCloseable {
    /** Families whose totals are compared: every engine's counters, and histograms by their count. */
    private static final List<String> FAMILIES = List.of(
            "vllm:generation_tokens_total",
            "vllm:prompt_tokens_total",
            "vllm:request_success_total",
            "vllm:time_to_first_token_seconds",
            "vllm:e2e_request_latency_seconds",
            "vllm:iteration_tokens_total",
            "inference_model_request_total",
            "inference_model_request_duration_seconds",
            "latency_histogram_ns",
            "tensor_throughput_batch_count",
            "ts_inference_requests_total");

    private final FleetSimulator simulator;
    private final PromClient truth;
    final Path targets;

    private Fleet(FleetSimulator simulator, Path targets) {
        this.simulator = simulator;
        this.truth = new PromClient(simulator.adminUri());
        this.targets = targets;
    }

    static Fleet start(Path targets, Churn churn, long seed) throws IOException {
        return start(targets, churn, seed, 2);
    }

    /** @param pods of each pipeline of vLLM and Wallaroo engines, of which there are two each */
    static Fleet start(Path targets, Churn churn, long seed, int pods) throws IOException {
        FleetOptions options = FleetOptions.builder()
                .seed(seed)
                .vllmPods(pods)
                .wallarooPods(pods)
                .churn(churn)
                .sdFile(targets)
                .build();
        return new Fleet(FleetSimulator.start(options), targets);
    }

    /** Changes how pods come and go from now on. */
    void churn(String mode) {
        truth.post("/control/churn?mode=" + mode, Map.of());
    }

    /** Ends the load; what is in flight completes at once. */
    void freeze() {
        simulator.freeze();
    }

    /** True counts of every process there ever was, summed by family; a histogram by its count. */
    Map<String, Double> totals() {
        return sums(List.of("totals"));
    }

    /** What the last page that each process gave the scraper said, summed likewise. */
    Map<String, Double> lastServed(String scraper) {
        return sums(List.of("last_served", scraper));
    }

    /** Every process' true values at its end or now, for those that still run and those that do not. */
    JsonNode rates(int windowSeconds, long atMs) {
        return truth.get("/truth/rates", Map.of("window", Integer.toString(windowSeconds), "at", Long.toString(atMs)));
    }

    static Set<String> families() {
        return new LinkedHashSet<>(FAMILIES);
    }

    /** The query for the present total of a family at a receiver of weir's results. */
    static String totalQuery(String family) {
        return "sum({__name__=~\"" + family + "(_count)?\"})";
    }

    private Map<String, Double> sums(List<String> path) {
        Map<String, Double> sums = new TreeMap<>();
        for (JsonNode pipeline : truth.get("/truth", Map.of("summary", "true")).path("pipelines")) {
            JsonNode series = pipeline;
            for (String step : path) {
                series = series.path(step);
            }
            for (JsonNode one : series) {
                String family = one.path("name").asText();
                if (FAMILIES.contains(family)) {
                    JsonNode value = one.has("count") ? one.path("count") : one.path("value");
                    sums.merge(family, value.asDouble(), Double::sum);
                }
            }
        }
        return sums;
    }

    /** Names of the families that {@code totals} lacks. */
    static List<String> missing(Map<String, Double> totals) {
        List<String> missing = new ArrayList<>(FAMILIES);
        missing.removeAll(totals.keySet());
        return missing;
    }

    @Override
    public void close() {
        simulator.close();
    }
}
