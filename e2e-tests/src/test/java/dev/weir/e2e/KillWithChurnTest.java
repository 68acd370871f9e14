package dev.weir.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
 * {@code kill -9} while pods come and go: what was counted is, to the unit, what the newest recorded scrape of every process
 * saw; the truth exceeds it only by what no scrape saw.
 */
class KillWithChurnTest {
    private static final int KILLS = Integer.getInteger("weir.e2e.kills", 3);
    private static final long SEED = Long.getLong("weir.e2e.seed", 43);
    private static final Duration SETTLE_LIMIT = Duration.ofSeconds(150);

    @Test
    void countsWhatTheRecordedScrapesSawToTheUnit(@TempDir(cleanup = CleanupMode.ON_SUCCESS) Path folder)
            throws Exception {
        Random random = new Random(SEED);
        Fleet fleet = Fleet.start(folder.resolve("targets.json"), Churn.HEAVY, SEED);
        long startSeconds = Instant.now().getEpochSecond();
        try (Scenario scenario = Scenario.start(folder, fleet, "5s")) {
            for (int kill = 0; kill < KILLS; kill++) {
                TimeUnit.MILLISECONDS.sleep(8_000 + random.nextInt(12_000));
                scenario.kill();
                scenario.restart();
            }
            fleet.churn("none");
            fleet.freeze();
            String kafka = scenario.kafkaAddress();
            Until.holds("seed " + SEED + ", settled: ", SETTLE_LIMIT, () -> missing(scenario, kafka), Map::isEmpty);
            TimeUnit.SECONDS.sleep(15);
            assertEquals(Map.of(), missing(scenario, kafka));
            Map<String, Double> truth = fleet.totals();
            RecordedScrapes.read(kafka)
                    .totals()
                    .forEach((family, seen) -> assertTrue(seen <= truth.getOrDefault(family, 0.0), family));
            assertEquals(List.of(), KillTest.backwards(scenario.client, startSeconds), "series that went backwards");
        }
    }

    /** TorchServe's pages tell no start, so its family is not among those compared. */
    private static Map<String, Double> missing(Scenario scenario, String kafka) {
        try {
            return Counted.difference(
                    scenario.client, RecordedScrapes.read(kafka).totals());
        } catch (Exception e) {
            throw new AssertionError("cannot read the recorded scrapes", e);
        }
    }
}
