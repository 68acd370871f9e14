package dev.weir.simulator.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.simulator.scenario.ScenarioScrape.Outcome;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ScenarioRunTest {
    private static final Duration LENGTH = Duration.ofMinutes(40);
    private static final int SLOTS = 20;

    static Stream<ChurnScenario> scenarios() {
        return ChurnScenario.ALL.stream();
    }

    @ParameterizedTest
    @MethodSource("scenarios")
    void lastWordsTellTheTruth(ChurnScenario scenario) {
        ScenarioRun run = run(scenario, 1);
        long told = run.scrapes(true).stream()
                .filter(ScenarioScrape::last)
                .mapToLong(scrape -> Math.max(0, scrape.value()))
                .sum();
        assertEquals(run.truth(LENGTH.toMillis()), told);
        assertTrue(run.scrapes(false).stream().noneMatch(ScenarioScrape::last));
    }

    @ParameterizedTest
    @MethodSource("scenarios")
    void aProcessNeverCountsBack(ChurnScenario scenario) {
        Map<String, ScenarioScrape> former = new HashMap<>();
        for (ScenarioScrape scrape : run(scenario, 1).scrapes(true)) {
            if (scrape.outcome() == Outcome.BODY) {
                ScenarioScrape before = former.put(scrape.pod(), scrape);
                assertTrue(
                        before == null
                                || before.processStartMs() != scrape.processStartMs()
                                || (before.value() <= scrape.value() && before.requests() <= scrape.requests()),
                        () -> before + ", then " + scrape);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("scenarios")
    void everyTargetIsScrapedOnceAnInterval(ChurnScenario scenario) {
        Map<String, Long> former = new HashMap<>();
        for (ScenarioScrape scrape : run(scenario, 1).scrapes(false)) {
            Long before = former.put(scrape.pod(), scrape.atMs());
            if (before != null) {
                assertEquals(scenario.scrapeInterval().toMillis(), scrape.atMs() - before, scrape.pod());
            }
        }
    }

    @Test
    void aRunFollowsFromItsSeed() {
        ChurnScenario scenario = ChurnScenario.of("c");
        assertEquals(run(scenario, 1).scrapes(true), run(scenario, 1).scrapes(true));
        assertNotEquals(run(scenario, 1).scrapes(true), run(scenario, 2).scrapes(true));
    }

    @Test
    void halfOfTheRequestsComeInTheFirstTenSeconds() {
        Life life = new Life(5, 0, "p", 1_000, 81_000);
        double all = Load.FRONT_LOADED.count(life, 81_000);
        assertEquals(0.5, Load.FRONT_LOADED.count(life, 11_000) / all, 0.01);
        assertEquals(0.75, Load.FRONT_LOADED.count(life, 46_000) / all, 0.01);
    }

    @Test
    void halfOfTheRequestsComeInBursts() {
        Life life = new Life(5, 0, "p", 0, 3_600_000);
        double before = Load.BURSTY.count(life, 180_000);
        double during = Load.BURSTY.count(life, 200_000);
        double after = Load.BURSTY.count(life, 360_000);
        assertEquals(0.5, (during - before) / (after - before), 0.01);
    }

    @Test
    void aSeriesOfRareEventsIsAbsentBeforeTheFirst() {
        List<ScenarioScrape> scrapes = run(ChurnScenario.of("g"), 1).scrapes(false);
        assertTrue(scrapes.stream().anyMatch(scrape -> scrape.value() == ScenarioScrape.ABSENT));
        assertFalse(scrapes.stream().anyMatch(scrape -> scrape.value() == 0));
    }

    @Test
    void halfOfThePodsCannotBeReachedInAnOutageAndLiveOn() {
        List<ScenarioScrape> scrapes = run(ChurnScenario.of("i"), 1).scrapes(false);
        long cutOff = scrapes.stream()
                .filter(scrape -> scrape.outcome() == Outcome.TIMED_OUT)
                .map(ScenarioScrape::pod)
                .distinct()
                .count();
        assertEquals(SLOTS / 2, cutOff);
        Map<String, Long> starts = new HashMap<>();
        for (ScenarioScrape scrape : scrapes) {
            if (scrape.outcome() == Outcome.BODY) {
                Long former = starts.put(scrape.pod(), scrape.processStartMs());
                assertTrue(former == null || former == scrape.processStartMs());
            }
        }
    }

    private static ScenarioRun run(ChurnScenario scenario, long seed) {
        return new ScenarioRun(scenario, seed, SLOTS, LENGTH);
    }
}
