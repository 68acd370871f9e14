package dev.weir.aggregation.group;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.series.StaleMarker;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ClassicSketchesTest {
    private final Fleet fleet = Fleet.of();

    @Test
    void canonicalLatenciesTellTheirQuantilesAndHowFarTheBucketsLetThemBeKnown() {
        fleet.scrape("a", 15, """
                        # TYPE vllm:time_to_first_token_seconds histogram
                        vllm:time_to_first_token_seconds_bucket{model_name="m",le="0.1"} 90
                        vllm:time_to_first_token_seconds_bucket{model_name="m",le="0.5"} 100
                        vllm:time_to_first_token_seconds_bucket{model_name="m",le="+Inf"} 100
                        vllm:time_to_first_token_seconds_count{model_name="m"} 100
                        vllm:time_to_first_token_seconds_sum{model_name="m"} 9
                        """).advance(90);
        String name = "inference_time_to_first_token_seconds_quantile";
        values(name + "_lower", "0.5").forEach(value -> assertEquals(0, value));
        values(name + "_upper", "0.5").forEach(value -> assertEquals(0.1, value));
        values(name + "_lower", "0.99").forEach(value -> assertEquals(0.1, value));
        values(name + "_upper", "0.99").forEach(value -> assertEquals(0.5, value));
        values(name, "0.99").forEach(value -> assertTrue(value > 0.1 && value <= 0.5));
        assertEquals(
                1,
                fleet.receiver.series.keySet().stream()
                        .filter(series -> series.startsWith("inference_time_to_first_token_seconds{"))
                        .count(),
                "the native histogram");
    }

    @Test
    void goesOnWhereItWasWhenATargetThatExposedTheNameItselfHasGone() {
        String name = "inference_time_to_first_token_seconds";
        fleet.scrape("a", 15, latencies(100, 100)).advance(40);
        fleet.scrape("own", 42, "# TYPE " + name + " gauge\n" + name + " 7\n").scrape("a", 43, latencies(150, 150));
        fleet.advance(75).lastWord("own", 77).advance(85);
        long returnsMs = Fleet.START_MS + 90_000;
        fleet.scrape("a", 88, latencies(150, 160)).advance(150);
        List<Map.Entry<Long, Double>> counts = fleet.series(name, "model_name=\"m\"").get(0).entrySet().stream()
                .filter(point -> !StaleMarker.isStale(point.getValue()))
                .toList();
        for (int i = 1; i < counts.size(); i++) {
            assertTrue(counts.get(i).getValue() >= counts.get(i - 1).getValue(), counts::toString);
        }
        assertEquals(160, counts.get(counts.size() - 1).getValue(), 1e-9);
        // What was gained meanwhile is no observation of the window in which it returns.
        fleet.series(name + "_quantile_lower", "quantile=\"0.5\"").get(0).tailMap(returnsMs).values().stream()
                .filter(value -> !StaleMarker.isStale(value))
                .forEach(value -> assertEquals(0.1, value));
    }

    private static String latencies(int below01, int all) {
        return """
                # TYPE vllm:time_to_first_token_seconds histogram
                vllm:time_to_first_token_seconds_bucket{model_name="m",le="0.1"} %d
                vllm:time_to_first_token_seconds_bucket{model_name="m",le="0.5"} %d
                vllm:time_to_first_token_seconds_bucket{model_name="m",le="+Inf"} %d
                vllm:time_to_first_token_seconds_count{model_name="m"} %d
                vllm:time_to_first_token_seconds_sum{model_name="m"} %d
                """.formatted(below01, all, all, all, all);
    }

    /** The values of every window that had one; the last point is the marker that there is none. */
    private List<Double> values(String name, String quantile) {
        List<Map.Entry<Long, Double>> points = fleet.receiver.series.entrySet().stream()
                .filter(series -> series.getKey().startsWith(name + "{")
                        && series.getKey().contains("quantile=\"" + quantile + "\""))
                .flatMap(series -> series.getValue().entrySet().stream())
                .toList();
        assertFalse(points.isEmpty(), () -> fleet.receiver.series.keySet().toString());
        assertTrue(StaleMarker.isStale(points.get(points.size() - 1).getValue()));
        return points.stream()
                .map(Map.Entry::getValue)
                .filter(value -> !StaleMarker.isStale(value))
                .toList();
    }
}
