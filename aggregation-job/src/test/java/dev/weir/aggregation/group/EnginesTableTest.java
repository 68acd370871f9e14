package dev.weir.aggregation.group;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.aggregation.profile.Profiles;
import dev.weir.configuration.ViewConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

/**
 * Which of the seeds' queries a fleet of one engine answers, seen by the series that the views write for it, against the
 * table in {@code docs/engines.md}.
 */
class EnginesTableTest {
    private static final Path DOCUMENT =
            Path.of(System.getProperty("weir.root", "..")).resolve("docs/engines.md");

    @Test
    void theDocumentedTableIsWhatTheViewsAnswer() throws IOException {
        List<String> rows = new ArrayList<>();
        EnginePages.all().forEach((engine, page) -> rows.add(row(engine, page)));
        String document = Files.readString(DOCUMENT);
        rows.forEach(row -> assertTrue(
                document.contains("\n" + row + "\n"),
                () -> "missing in docs/engines.md: " + row + "\nof all rows\n" + String.join("\n", rows)));
    }

    @Test
    void viewsTellTheTrueAmountsOfEveryEngine() {
        EnginePages.all().forEach((engine, page) -> {
            Fleet fleet = fleet(engine, page);
            for (String counter : List.of("crusoe_inference_request_count", "latency_histogram_ns_count")) {
                if (!fleet.series(counter).isEmpty()) {
                    assertEquals(50, fleet.value(counter), engine + " " + counter);
                }
            }
            if (!fleet.series("crusoe_inference_histogram_first_token_latency_count")
                    .isEmpty()) {
                String le = engine.startsWith("Triton") ? "le=\"0.001\"" : "le=\"1\"";
                assertEquals(50, fleet.value("crusoe_inference_histogram_first_token_latency_bucket", le), engine);
            }
            if (!fleet.series("latency_histogram_ns_bucket").isEmpty() && !engine.equals("Wallaroo-like")) {
                assertEquals(50, fleet.value("latency_histogram_ns_bucket", "le=\"1e+09\""), engine);
                assertEquals(25e9, fleet.value("latency_histogram_ns_sum"), 1, engine);
            }
        });
    }

    private static String row(String engine, IntFunction<String> page) {
        Fleet fleet = fleet(engine, page);
        String tokens = grows(fleet, "crusoe_inference_input_token_count")
                        && grows(fleet, "crusoe_inference_output_token_count")
                ? "yes"
                : "-";
        String latency = grows(fleet, "latency_histogram_ns_bucket")
                ? "yes"
                : grows(fleet, "latency_histogram_ns_sum") ? "mean only" : "-";
        return String.join(
                " | ",
                "| " + engine,
                yes(fleet, "crusoe_inference_request_count"),
                tokens,
                yes(fleet, "crusoe_inference_histogram_first_token_latency_bucket"),
                yes(fleet, "crusoe_inference_histogram_output_token_latency_bucket"),
                yes(fleet, "latency_histogram_ns_count"),
                latency,
                yes(fleet, "vllm:generation_tokens_total"),
                yes(fleet, "vllm:time_to_first_token_seconds_bucket"),
                fleet.series("inference_replicas").size() == 1 ? "yes |" : "- |");
    }

    private static String yes(Fleet fleet, String series) {
        return grows(fleet, series) ? "yes" : "-";
    }

    private static boolean grows(Fleet fleet, String name) {
        for (NavigableMap<Long, Double> points : fleet.series(name)) {
            if (points.lastEntry().getValue() > points.firstEntry().getValue()) {
                return true;
            }
        }
        return false;
    }

    private static Fleet fleet(String engine, IntFunction<String> page) {
        String vantage = engine.startsWith("endpoint picker") ? "gateway" : "engine";
        Fleet fleet = new Fleet(
                Profiles.builtIn(),
                Map.of("job", "j", "pipeline_name", "chat", "deploy_id", "1"),
                new ViewConfig("crusoe", vantage, null),
                new ViewConfig("wallaroo", vantage, null));
        return fleet.scrape("a", 15, page.apply(20))
                .advance(65)
                .scrape("a", 70, page.apply(50))
                .advance(180);
    }
}
