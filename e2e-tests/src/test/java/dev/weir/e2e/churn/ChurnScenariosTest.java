package dev.weir.e2e.churn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.simulator.scenario.ChurnScenario;
import dev.weir.simulator.scenario.ScenarioPage;
import dev.weir.simulator.scenario.ScenarioRun;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Under every churn the job counts what the last scrape of each process saw, at every window; with last words, the truth.
 * The first 40 minutes of the runs whose table stands in {@code docs/churn.md}.
 */
@Isolated("computes all the time, while other tests mostly wait")
@Timeout(240)
class ChurnScenariosTest {
    private static final Duration LENGTH = Duration.ofMinutes(40);
    private static final long RUN_MS = LENGTH.toMillis();
    private static final long EPOCH_MS = 1_700_000_400_000L;
    /** Of which last words are fed too: pods that end, processes that restart, series created late. */
    private static final Set<String> WITH_LAST_WORDS = Set.of("a", "d", "g");
    /** Percent of what the scrapes saw. */
    private static final double TOLERANCE = 0.1;

    private static final SeriesLog LOG = new SeriesLog(ChurnScenariosTest::isCumulative);
    private static final Map<String, Feed> FEEDS = new HashMap<>();

    @BeforeAll
    static void runTheJob() throws Exception {
        for (ChurnScenario scenario : ChurnScenario.ALL) {
            ScenarioRun run = new ScenarioRun(scenario, ChurnTable.SEED, ChurnTable.SLOTS, LENGTH);
            add(new Feed(run, EPOCH_MS, false));
            if (WITH_LAST_WORDS.contains(scenario.letter())) {
                add(new Feed(run, EPOCH_MS, true));
            }
        }
        SimulatedJob.run(new ArrayList<>(FEEDS.values()), LOG);
    }

    private static void add(Feed feed) {
        FEEDS.put(feed.pipeline, feed);
    }

    static Stream<String> pipelines() {
        return ChurnScenario.ALL.stream()
                .map(ChurnScenario::letter)
                .flatMap(letter -> WITH_LAST_WORDS.contains(letter)
                        ? Stream.of(Feed.pipeline(letter, false), Feed.pipeline(letter, true))
                        : Stream.of(Feed.pipeline(letter, false)));
    }

    @ParameterizedTest
    @MethodSource("pipelines")
    void countsWhatTheLastScrapesSaw(String pipeline) {
        Feed feed = Objects.requireNonNull(FEEDS.get(pipeline));
        LastScrapes scrapes = new LastScrapes(feed.scrapes, RUN_MS);
        NavigableMap<Long, Double> counter = LOG.theOne(feed.counterLabels());
        assertEquals((double) scrapes.total(), counter.lastEntry().getValue(), "in all");
        Increases counted = Increases.of(ms -> Objects.requireNonNull(counter.get(EPOCH_MS + ms)), RUN_MS);
        Increases.Errors errors = counted.against(Increases.of(scrapes::releasedBy, RUN_MS));
        assertEquals(0, errors.mean(), TOLERANCE, "mean error, %");
        assertEquals(0, errors.worst(), TOLERANCE, "worst error, %");
        if (feed.lastWords) {
            assertEquals(feed.run.truth(RUN_MS), scrapes.total() + scrapes.before(), "the truth, in all");
        }
    }

    @ParameterizedTest
    @MethodSource("pipelines")
    void countsHistogramsAsItCountsCounters(String pipeline) {
        Map<String, String> requests =
                Map.of("__name__", ScenarioPage.COUNTER, "pipeline_name", pipeline, "finished_reason", "stop");
        Map<String, String> count = Map.of("__name__", ScenarioPage.HISTOGRAM + "_count", "pipeline_name", pipeline);
        List<Double> expected = List.copyOf(LOG.theOne(requests).values());
        List<Double> actual = List.copyOf(LOG.theOne(count).values());
        assertEquals(expected.get(expected.size() - 1), actual.get(actual.size() - 1));
    }

    @Test
    void noCounterGoesBack() {
        LOG.series().forEach((labels, samples) -> {
            double former = 0;
            for (double value : samples.values()) {
                assertTrue(value >= former, () -> labels + ": " + samples);
                former = value;
            }
        });
    }

    private static boolean isCumulative(String name) {
        return name.equals(ScenarioPage.COUNTER) || name.startsWith(ScenarioPage.HISTOGRAM);
    }
}
