package dev.weir.exposition;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.series.Labels;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SnapshotTest {
    private static final String VLLM = """
            # TYPE python_info gauge
            python_info{version="3.12"} 1
            # TYPE vllm:num_requests_running gauge
            vllm:num_requests_running{engine="0",model_name="m"} 3
            vllm:num_requests_running{engine="1",model_name="m"} 4
            # TYPE vllm:prompt_tokens_total counter
            vllm:prompt_tokens_total{engine="0",model_name="m"} 1200
            # TYPE vllm:prompt_tokens_created gauge
            vllm:prompt_tokens_created{engine="0",model_name="m"} 1.7e9
            # TYPE vllm:iteration_tokens_total histogram
            vllm:iteration_tokens_total_bucket{engine="0",le="1.0",model_name="m"} 2
            vllm:iteration_tokens_total_bucket{engine="0",le="8.0",model_name="m"} 5
            vllm:iteration_tokens_total_bucket{engine="0",le="+Inf",model_name="m"} 6
            vllm:iteration_tokens_total_count{engine="0",model_name="m"} 6
            vllm:iteration_tokens_total_sum{engine="0",model_name="m"} 40.5
            # TYPE vllm:spec_decode_num_accepted_tokens_per_pos_total counter
            vllm:spec_decode_num_accepted_tokens_per_pos_total{engine="0",position="2"} 7
            vllm:spec_decode_num_accepted_tokens_per_pos_total{engine="0",position="0"} 9
            vllm:spec_decode_num_accepted_tokens_per_pos_total{engine="1",position="0"} 1
            # TYPE vllm:lag_seconds summary
            vllm:lag_seconds{quantile="0.5"} 0.1
            vllm:lag_seconds_count 2
            vllm:lag_seconds_sum 0.3
            """;

    private static final Labels ENGINE_0 = Labels.of("engine", "0", "model_name", "m");

    @Test
    void eachMetricHasItsTypeNameLabelsAndValues() throws Exception {
        assertEquals(
                List.of(
                        new Gauge("vllm:num_requests_running", ENGINE_0, 3),
                        new Gauge("vllm:num_requests_running", Labels.of("engine", "1", "model_name", "m"), 4),
                        new Counter("vllm:prompt_tokens", ENGINE_0, 1200),
                        new Histogram(
                                "vllm:iteration_tokens_total",
                                ENGINE_0,
                                6,
                                40.5,
                                Map.of("1.0", 2L, "8.0", 5L, "+Inf", 6L)),
                        new Vector(Snapshot.VECTOR_NAME, Labels.of("engine", "0"), List.of(9L, 0L, 7L)),
                        new Vector(Snapshot.VECTOR_NAME, Labels.of("engine", "1"), List.of(1L)),
                        new Summary("vllm:lag_seconds", Labels.EMPTY, 2, 0.3, Map.of("0.5", 0.1))),
                Snapshot.of(Pages.strictText(VLLM), "vllm:"));
    }

    @Test
    void bucketsAscendAndEndWithInf() throws Exception {
        List<Metric> metrics = Snapshot.of(Pages.strictText(VLLM), "vllm:iteration");
        Histogram histogram = (Histogram) metrics.get(0);
        assertEquals(
                List.of("1.0", "8.0", "+Inf"),
                new ArrayList<>(histogram.buckets().keySet()));
    }

    @Test
    void prefixKeepsOtherMetricsOut() throws Exception {
        assertTrue(Snapshot.of(Pages.strictText(VLLM)).stream()
                .anyMatch(metric -> metric.name().equals("python_info")));
        assertTrue(Snapshot.of(Pages.strictText(VLLM), "vllm:").stream()
                .allMatch(metric -> metric.name().startsWith("vllm:")));
    }

    @Test
    void openMetricsPageGivesTheSameCounterName() throws Exception {
        Exposition page = Pages.strictOpenMetrics("# TYPE vllm:a counter\nvllm:a_total 1\nvllm:a_created 5\n# EOF\n");
        assertEquals(List.of(new Counter("vllm:a", Labels.EMPTY, 1)), Snapshot.of(page));
    }

    @Test
    void unknownTypeIsAnErrorThatNamesTheMetric() throws Exception {
        for (String body : List.of("a 1\n", "# TYPE a gaugehistogram\na_bucket{le=\"+Inf\"} 1\n")) {
            SnapshotException e = assertThrows(SnapshotException.class, () -> Snapshot.of(Pages.lenientText(body)));
            assertTrue(String.valueOf(e.getMessage()).startsWith("type of a: "), e.getMessage());
        }
        assertTrue(Snapshot.of(Pages.lenientText("a 1\n"), "b").isEmpty());
    }

    @Test
    void positionThatIsNoSmallNumberIsAnError() {
        for (String position : List.of("2000000000", "-1", "x", "")) {
            String body = "# TYPE " + Snapshot.VECTOR_NAME + "_total counter\n" + Snapshot.VECTOR_NAME
                    + "_total{position=\"" + position + "\"} 1\n";
            assertThrows(SnapshotException.class, () -> Snapshot.of(Pages.lenientText(body)), position);
        }
    }

    @Test
    void histogramWithoutInfBucketCannotBeMade() {
        assertThrows(IllegalArgumentException.class, () -> new Histogram("h", Labels.EMPTY, 1, 1, Map.of("1", 1L)));
    }

    @Test
    void printedSnapshotHasASectionForEachTypeAndEscapesControlCharacters() throws Exception {
        String text = SnapshotPrinter.render(Pages.lenientText(VLLM + "odd{a=\"\u001b[31m\"} 1\n"));
        for (String section :
                List.of("COUNTERS (1)", "GAUGES (3)", "HISTOGRAMS (1)", "SUMMARIES (1)", "VECTORS (2)", "OTHERS (1)")) {
            assertTrue(text.contains(section), text);
        }
        assertTrue(text.contains("9 0 7"), text);
        assertTrue(text.contains("1200  2023-11-14T22:13:20Z"), text);
        assertFalse(text.contains("\u001b"), text);
        assertTrue(text.contains("7 families, 17 samples"), text);
    }
}
