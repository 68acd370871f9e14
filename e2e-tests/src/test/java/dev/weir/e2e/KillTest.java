package dev.weir.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.simulator.fleet.Churn;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code kill -9} of everything at random moments, {@code weir.e2e.kills} times (3 by default), while no pod ends: the
 * totals at the end are the truth, and no series ever goes backwards.
 */
class KillTest {
    private static final int KILLS = Integer.getInteger("weir.e2e.kills", 3);
    private static final long SEED = Long.getLong("weir.e2e.seed", 42);
    private static final Duration SETTLE_LIMIT = Duration.ofSeconds(150);

    @Test
    void losesNothingAndNeverGoesBackwards(@TempDir(cleanup = CleanupMode.ON_SUCCESS) Path folder) throws Exception {
        Random random = new Random(SEED);
        Fleet fleet = Fleet.start(folder.resolve("targets.json"), Churn.NONE, SEED);
        long startSeconds = Instant.now().getEpochSecond();
        try (Scenario scenario = Scenario.start(folder, fleet, "5s")) {
            for (int kill = 0; kill < KILLS; kill++) {
                TimeUnit.MILLISECONDS.sleep(8_000 + random.nextInt(12_000));
                scenario.kill();
                scenario.restart();
            }
            fleet.freeze();
            Until.holds("seed " + SEED + ", settled: ", SETTLE_LIMIT, () -> missing(scenario), Map::isEmpty);
            assertEquals(List.of(), Fleet.missing(Counted.totals(scenario.client)));
            assertEquals(List.of(), backwards(scenario.client, startSeconds), "series that went backwards");
        }
    }

    /** Per family what is missing from or too much in Weir's totals, against the truth itself. */
    private static Map<String, Double> missing(Scenario scenario) {
        return Counted.difference(scenario.client, scenario.fleet.totals());
    }

    static List<String> backwards(PromClient client, long startSeconds) {
        long seconds = Instant.now().getEpochSecond() - startSeconds;
        JsonNode resets = client.get(
                "/api/v1/query",
                Map.of(
                        "query",
                        "resets({__name__=~\".+_total|.+_count|.+_bucket\"}[" + seconds + "s]) > 0",
                        "time",
                        Long.toString(Instant.now().getEpochSecond())));
        return PromClient.values(resets).keySet().stream().toList();
    }
}
