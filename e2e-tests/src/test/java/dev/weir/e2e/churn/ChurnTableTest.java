package dev.weir.e2e.churn;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.weir.e2e.PromClient;
import dev.weir.e2e.churn.Increases.Errors;
import dev.weir.queryserver.QueryServer;
import dev.weir.queryserver.QueryServerOptions;
import dev.weir.simulator.scenario.ChurnScenario;
import dev.weir.simulator.scenario.ScenarioPage;
import dev.weir.simulator.scenario.ScenarioRun;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/**
 * Writes the table of {@code docs/churn.md}, which says how to run this: all scenarios for 90 minutes, through the job and the
 * query server, with and without last words, and through Prometheus and vmagent.
 */
@EnabledIfSystemProperty(named = "weir.churn.page", matches = ".+", disabledReason = "takes ten minutes and two peers")
class ChurnTableTest {
    private static final long RUN_MS =
            Duration.ofMinutes(Integer.getInteger("weir.churn.minutes", 90)).toMillis();
    private static final long EPOCH_MS = 1_700_000_400_000L;
    private static final String PROMETHEUS = System.getProperty("weir.prometheus", "prometheus");
    private static final String VMAGENT = System.getProperty("weir.vmagent", "vmagent");

    @Test
    void writesTheTable(@TempDir Path folder) throws Exception {
        List<Feed> feeds = new ArrayList<>();
        List<Feed> withLastWords = new ArrayList<>();
        for (ChurnScenario scenario : ChurnScenario.ALL) {
            ScenarioRun run = new ScenarioRun(scenario, ChurnTable.SEED, ChurnTable.SLOTS, Duration.ofMillis(RUN_MS));
            feeds.add(new Feed(run, EPOCH_MS, false));
            withLastWords.add(new Feed(run, EPOCH_MS, true));
        }
        SeriesLog log = new SeriesLog(ScenarioPage.COUNTER::equals);
        SimulatedJob.run(feeds, log);
        SimulatedJob.run(withLastWords, log);
        ChurnTable table = new ChurnTable(PeerProcess.version(PROMETHEUS), PeerProcess.version(VMAGENT));
        List<Executable> checks = new ArrayList<>();
        Vmagent vmagent = Vmagent.play(folder, VMAGENT, feeds);
        try (Prometheus prometheus = Prometheus.start(folder, PROMETHEUS, feeds, EPOCH_MS);
                QueryServer server = queryServer(folder)) {
            URI base = URI.create("http://127.0.0.1:" + server.address().getPort());
            new RemoteWrite(base.resolve("/api/v1/write")).send(log.series());
            PromClient weir = new PromClient(base);
            for (int i = 0; i < feeds.size(); i++) {
                ChurnTable.Row row = row(feeds.get(i), withLastWords.get(i), log, weir, prometheus, vmagent);
                table.add(row);
                checks.add(() -> check(row));
            }
        }
        table.writeInto(Path.of(System.getProperty("weir.root")).resolve(System.getProperty("weir.churn.page")));
        assertAll(checks);
    }

    private static ChurnTable.Row row(
            Feed feed, Feed lastWords, SeriesLog log, PromClient weir, Prometheus prometheus, Vmagent vmagent) {
        Increases truth = Increases.of(ms -> (double) feed.run.truth(ms), RUN_MS);
        Increases possible = Increases.of(new LastScrapes(feed.scrapes, RUN_MS)::releasedBy, RUN_MS);
        Increases counted = increases(weir, feed, "%1$s - %1$s offset 10m");
        LastScrapes told = new LastScrapes(lastWords.scrapes, RUN_MS);
        Increases withLastWords = increases(weir, lastWords, "%1$s - %1$s offset 10m");
        double inAll = log.theOne(lastWords.counterLabels()).lastEntry().getValue();
        return new ChurnTable.Row(
                feed.run.scenario().letter() + ": " + feed.run.scenario().title(),
                possible.against(truth),
                counted.against(truth),
                counted.against(possible),
                withLastWords.against(truth),
                withLastWords.against(Increases.of(told::releasedBy, RUN_MS)),
                Math.round(feed.run.truth(RUN_MS) - told.before() - inAll),
                increases(weir, feed, "increase(%1$s[10m])").against(truth),
                prometheus.increases(feed, EPOCH_MS, RUN_MS).against(truth),
                vmagent.increases(feed, RUN_MS).against(truth));
    }

    private static void check(ChurnTable.Row row) {
        for (Errors errors : List.of(row.weirLessScrapes(), row.lastWordsLessScrapes())) {
            assertEquals(0, errors.mean(), 0.1, row.scenario());
            assertEquals(0, errors.worst(), 0.1, row.scenario());
        }
        assertEquals(0, row.lastWordsMissing(), row.scenario());
    }

    private static Increases increases(PromClient weir, Feed feed, String query) {
        String series = "%s{pipeline_name=\"%s\",finished_reason=\"%s\"}"
                .formatted(ScenarioPage.COUNTER, feed.pipeline, ScenarioPage.finishedReason(feed.run.scenario()));
        NavigableMap<Long, Double> values = weir.range(
                query.formatted(series), EPOCH_MS + Increases.FIRST_END_MS, EPOCH_MS + RUN_MS, Increases.WINDOW_MS);
        return Increases.ofValues(ms -> values.getOrDefault(EPOCH_MS + ms, Double.NaN), RUN_MS);
    }

    private static QueryServer queryServer(Path folder) throws Exception {
        return QueryServer.start(QueryServerOptions.of(folder.resolve("weir"))
                .withListen("127.0.0.1", 0)
                .withHold(Duration.ZERO)
                .withClock(InstantSource.fixed(Instant.ofEpochMilli(EPOCH_MS + RUN_MS))));
    }
}
