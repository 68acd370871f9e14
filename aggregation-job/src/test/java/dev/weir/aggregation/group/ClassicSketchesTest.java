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
