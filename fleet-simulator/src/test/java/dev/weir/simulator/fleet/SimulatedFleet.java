package dev.weir.simulator.fleet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A fleet under a manual clock, without sockets. */
final class SimulatedFleet {
    private static final ObjectMapper JSON = new ObjectMapper();

    final ManualClock clock = new ManualClock();
    final FakePorts ports = new FakePorts();
    final Fleet fleet;
    final Truth truth;

    SimulatedFleet(long seed, Churn churn, Workload... workloads) {
        FleetPlan plan = new FleetPlan(
                seed, "127.0.0.1", List.of(workloads), churn, 1, Duration.ofMinutes(15), clock, null, request -> {});
        fleet = new Fleet(plan, ports);
        truth = new Truth(fleet);
    }

    static Workload vllm(int pods) {
        return new Workload(EngineKind.VLLM, "demo", "llama-3-1-8b-pipeline", 210, "llama", pods, 20);
    }

    static Workload of(EngineKind kind, int pods, double requestsPerSecond) {
        return new Workload(kind, "demo", "some-" + kind.job(), 1, "some-model", pods, requestsPerSecond);
    }

    String scrape(int port, String accept) {
        return scrapeAs("Test", port, accept);
    }

    String scrapeAs(String scraper, int port, String accept) {
        Fleet.Scrape scrape = fleet.scrape(port);
        if (scrape == null) {
            throw new IllegalStateException("nothing at port " + port);
        }
        byte[] body = scrape.exposition(accept).body(scrape.snapshot());
        scrape.served(scraper);
        return new String(body, StandardCharsets.UTF_8);
    }

    JsonNode summary() {
        return json(truth.totals(true));
    }

    JsonNode everything() {
        return json(truth.totals(false));
    }

    JsonNode rates(double windowSeconds) {
        return json(truth.rates(windowSeconds, null)).get("pipelines").get(0);
    }

    /** The sum of all of a series' values, over label sets, in a list of series as truth writes it. */
    static double sum(JsonNode series, String name) {
        double sum = 0;
        for (JsonNode one : series) {
            if (one.get("name").asText().equals(name)) {
                sum += one.has("value")
                        ? one.get("value").asDouble()
                        : one.get("count").asDouble();
            }
        }
        return sum;
    }

    /** Samples of a text exposition by their name and labels. */
    static Map<String, Double> samples(String text) {
        Map<String, Double> samples = new TreeMap<>();
        for (String line : text.split("\n")) {
            if (!line.startsWith("#")) {
                int space = line.lastIndexOf(' ');
                samples.put(line.substring(0, space), Double.valueOf(line.substring(space + 1)));
            }
        }
        return samples;
    }

    /** The value of one sample of a text exposition. */
    static double value(Map<String, Double> samples, String series) {
        Double value = samples.get(series);
        if (value == null) {
            throw new AssertionError(series + " is not among " + samples.keySet());
        }
        return value;
    }

    static List<Integer> ascending(FakePorts ports) {
        return new ArrayList<>(ports.open);
    }

    static JsonNode json(byte[] bytes) {
        try {
            return JSON.readTree(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
