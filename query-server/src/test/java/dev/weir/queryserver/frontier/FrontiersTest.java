package dev.weir.queryserver.frontier;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.series.StaleMarker;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FrontiersTest {
    private static final Duration HOLD = Duration.ofSeconds(60);

    @Test
    void aProjectsFrontierIsTheLeastOfItsLivePartitions() {
        FrontierTracker tracker = new FrontierTracker();
        tracker.observe("p", 1, 100);
        tracker.observe("p", 2, 95.5);
        tracker.observe("q", 3, 50);
        assertEquals(Map.of("p", 95_500L, "q", 50_000L), tracker.frontiers().millisByProject());
        tracker.observe("p", 2, StaleMarker.VALUE);
        tracker.observe("q", 3, Double.NaN);
        assertEquals(Map.of("p", 100_000L), tracker.frontiers().millisByProject());
    }

    @Test
    void valuesThatAreNoTimesEndAPartition() {
        FrontierTracker tracker = new FrontierTracker();
        for (double odd : new double[] {Double.POSITIVE_INFINITY, 1e300, -1e300}) {
            tracker.observe("p", 1, 100);
            tracker.observe("p", 1, odd);
            assertEquals(Map.of(), tracker.frontiers().millisByProject());
        }
    }

    @Test
    void noHoldIsPlainPrometheus() {
        Frontiers frontiers = new Frontiers(Map.of("p", 1000L));
        assertEquals(1001, frontiers.evaluationTimeMs("p", 1001, Duration.ZERO));
        assertEquals(1000, frontiers.evaluationTimeMs("p", 1000, Duration.ZERO));
    }

    @ParameterizedTest
    @ValueSource(longs = {51, 52, 53, 54})
    void evaluationTimesNeverDescendNorExceedTheAskedTime(long seed) {
        Random random = new Random(seed);
        Frontiers frontiers = new Frontiers(
                Map.of("p", random.nextLong(200_000), "q", random.nextLong(200_000), "r", random.nextLong(200_000)));
        for (String project : new String[] {"p", "none", ""}) {
            long previous = Long.MIN_VALUE;
            for (long asked = -1000; asked < 300_000; asked += 97) {
                long evaluated = frontiers.evaluationTimeMs(project.isEmpty() ? null : project, asked, HOLD);
                assertTrue(evaluated <= asked && evaluated >= previous, asked + " at " + evaluated);
                previous = evaluated;
            }
        }
    }
}
