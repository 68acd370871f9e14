package dev.weir.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.e2e.failure.BrokerProcess;
import dev.weir.simulator.fleet.Churn;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * Broker, ZooKeeper, job manager, two task managers and query server as processes of their own, jobs brought by {@code weir
 * submit}. Each process is killed once while pods come and go; in between the aggregation job is upgraded and rescaled, and at the
 * end every query of the documented systems is answered.
 */
@Isolated("so many processes at once that others would miss their deadlines")
class ClusterTest {
    /** Of each of four pipelines; with the other engines' 50 in all. */
    private static final int PODS = Integer.getInteger("weir.e2e.cluster.pods", 12);

    private static final long SEED = Long.getLong("weir.e2e.seed", 44);
    private static final Duration LIMIT = Duration.ofSeconds(150);
    private static final Duration SUBMIT_LIMIT = Duration.ofMinutes(2);

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    private final int queryPort = FreePort.next();
    private final PromClient client = new PromClient(URI.create("http://127.0.0.1:" + queryPort));

    @Test
    void countsToTheUnitWhateverIsKilledUpgradedAndRescaled() throws Exception {
        Random random = new Random(SEED);
        long startSeconds = Instant.now().getEpochSecond();
        Path kafka = Files.createDirectories(folder.resolve("kafka"));
        try (Fleet fleet = Fleet.start(folder.resolve("targets.json"), Churn.GENTLE, SEED, PODS);
                BrokerProcess broker = BrokerProcess.start(kafka);
                FlinkProcesses flink = FlinkProcesses.start(folder.resolve("flink"), 3)) {
            configure(broker, flink, "");
            WeirProcess query = startQueryServer();
            try {
                submit("weir-ingest: runs");
                Until.holds("results: ", LIMIT, () -> client.value("count(up)"), count -> count > 0);
                List<String> victims =
                        new ArrayList<>(List.of("broker", "job-manager", "task-manager-1", "task-manager-2", "query"));
                Collections.shuffle(victims, random);
                for (String victim : victims) {
                    TimeUnit.MILLISECONDS.sleep(4_000 + random.nextInt(6_000));
                    switch (victim) {
                        case "broker" -> {
                            broker.kill();
                            broker.restart();
                        }
                        case "query" -> {
                            query.kill();
                            query = startQueryServer();
                        }
                        case "job-manager" -> {
                            flink.kill(victim);
                            flink.startJobManager();
                        }
                        default -> {
                            flink.kill(victim);
                            flink.startTaskManager(victim.charAt(victim.length() - 1) - '0');
                        }
                    }
                }
                awaitFresh();
                configure(broker, flink, "2");
                submit("weir-aggregation: goes on from");
                awaitFresh();
                configure(broker, flink, "");
                submit("weir-aggregation: goes on from");
                awaitFresh();
                for (SeedQueries.SeedQuery seed : SeedQueries.all()) {
                    Until.holds(seed + ": " + seed.text() + ": ", LIMIT, () -> seed.unanswered(client), List::isEmpty);
                }
                fleet.churn("none");
                fleet.freeze();
                Until.holds(
                        "seed " + SEED + ", settled: ", LIMIT, () -> missing(broker.bootstrapServers()), Map::isEmpty);
                assertEquals(List.of(), Fleet.missing(Counted.totals(client)));
                assertEquals(List.of(), KillTest.backwards(client, startSeconds), "series that went backwards");
            } catch (AssertionError e) {
                throw new AssertionError(e.getMessage() + "\n" + flink.logs(), e);
            } finally {
                query.close();
            }
        }
    }

    private Map<String, Double> missing(String kafka) {
        try {
            return Counted.difference(client, RecordedScrapes.read(kafka).totals());
        } catch (Exception e) {
            throw new AssertionError("cannot read the recorded scrapes", e);
        }
    }

    /** Everything has caught up. */
    private void awaitFresh() throws InterruptedException {
        Until.holds(
                "seconds behind: ",
                LIMIT,
                () -> Instant.now().getEpochSecond() - client.value("max(timestamp(up))"),
                seconds -> seconds < 25);
    }

    private void configure(BrokerProcess broker, FlinkProcesses flink, String parallelism) throws IOException {
        Files.writeString(folder.resolve("weir.yml"), """
                project: demo
                data_dir: %s
                scrape_configs:
                - job_name: fleet
                  scrape_interval: 5s
                  scrape_timeout: 2s
                  file_sd_configs:
                  - {files: [%s], refresh_interval: 1s}
                aggregation: {views: [crusoe]}
                kafka: {bootstrap_servers: '%s'}
                flink: {address: '127.0.0.1:%d', checkpoints: '%s', state_backend: rocksdb%s}
                remote_write: [{name: weir, url: 'http://127.0.0.1:%d/api/v1/write'}]
                query: {listen: "127.0.0.1:%d"}
                """.formatted(
                        folder.resolve("data"),
                        folder.resolve("targets.json"),
                        broker.bootstrapServers(),
                        flink.restPort,
                        folder.resolve("checkpoints").toUri(),
                        parallelism.isEmpty() ? "" : ", parallelism: " + parallelism,
                        queryPort,
                        queryPort));
    }

    private WeirProcess startQueryServer() throws IOException, InterruptedException {
        WeirProcess started = WeirProcess.start(
                folder.resolve("query.log"),
                "query-server",
                "--config",
                folder.resolve("weir.yml").toString());
        Until.holds("query server answers: ", LIMIT, this::queryServerAnswers, answers -> answers);
        return started;
    }

    private boolean queryServerAnswers() {
        try {
            return client.value("vector(1)") == 1;
        } catch (UncheckedIOException e) {
            return false;
        }
    }

    private void submit(String expected) throws IOException, InterruptedException {
        Path log = folder.resolve("submit.log");
        Files.deleteIfExists(log);
        try (WeirProcess submit = WeirProcess.start(
                log, "submit", "--config", folder.resolve("weir.yml").toString())) {
            assertEquals(0, submit.exitCode(SUBMIT_LIMIT), submit.log());
            assertTrue(submit.log().contains(expected), submit.log());
        }
    }
}
