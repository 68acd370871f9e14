package dev.weir.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.weir.simulator.fleet.Churn;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * After a time of heavy churn and a settle, what Weir counted is, to the unit, what the last page of every process said.
 * The run is {@code weir.e2e.churn.seconds} long, a minute by default.
 */
class ConservationTest {
    private static final int CHURN_SECONDS = Integer.getInteger("weir.e2e.churn.seconds", 60);
    private static final Duration SETTLE_LIMIT = Duration.ofMinutes(2);

    @Test
    void countsWhatTheLastScrapesSawToTheUnit(@TempDir(cleanup = CleanupMode.ON_SUCCESS) Path folder) throws Exception {
        Fleet fleet = Fleet.start(folder.resolve("targets.json"), Churn.HEAVY, 7);
        try (Scenario scenario = Scenario.start(folder, fleet, "5s")) {
            Until.holds("scrapes: ", SETTLE_LIMIT, () -> fleet.lastServed("Weir"), seen -> !seen.isEmpty());
            TimeUnit.SECONDS.sleep(CHURN_SECONDS);
            fleet.churn("none");
            fleet.freeze();
            Until.holds("settled: ", SETTLE_LIMIT, () -> difference(scenario), Map::isEmpty);
            // Nothing more comes after that, neither late nor twice.
            TimeUnit.SECONDS.sleep(15);
            assertEquals(Map.of(), difference(scenario));
            assertEquals(List.of(), Fleet.missing(Counted.totals(scenario.client)));
        }
    }

    private static Map<String, Double> difference(Scenario scenario) {
        return Counted.difference(scenario.client, scenario.fleet.lastServed("Weir"));
    }
}
