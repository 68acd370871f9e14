package dev.weir.scaling;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.configuration.ScalingConfig;
import dev.weir.configuration.WeirConfig;
import dev.weir.configuration.http.HttpClients;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ForkJoinPool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole way over HTTP, by a clock that the test moves: a load ramp, outages of every source, a key that changes. */
@SuppressWarnings("NullAway.Init")
class ScalingTest {
    private static final String FRONTIER = ScalingConfig.DEFAULT_FRESHNESS;
    private static final String LOAD = "sum(rate(ts_inference_requests_total{model_name=\"resnet 18\"}[1m]))";
    private static final String GUARD = "min(up{job=\"torchserve\"})";

    @TempDir
    Path folder;

    private Instant now = Instant.parse("2026-03-01T12:00:00Z");
    private FakeTorchServe torchServe;
    private FakeQueryServer queries;
    private Scaling scaling;

    @BeforeEach
    void start() throws IOException {
        torchServe = new FakeTorchServe();
        queries = new FakeQueryServer();
        scaling = scaling("false");
    }

    @AfterEach
    void stop() {
        queries.close();
        torchServe.close();
    }

    private Scaling scaling(String dryRun) throws IOException {
        Files.writeString(folder.resolve("key_file.json"), keys(FakeTorchServe.KEY));
        String yaml = """
                scaling:
                  dry_run: %s
                  bearer_token: secret
                  rules:
                  - name: resnet
                    model: resnet 18
                    expr: %s
                    guard: %s
                    type: average_value
                    target: 10
                    min: 1
                    max: 6
                    stabilization: 5m
                    cooldown: 1m
                    management_url: %s
                    key_file: key_file.json
                """.formatted(dryRun, LOAD, GUARD, torchServe.url());
        ScalingConfig config =
                WeirConfig.parse(yaml, folder.resolve("weir.yml").toString()).scaling();
        InstantSource clock = () -> now;
        HttpClients clients = new HttpClients(ForkJoinPool.commonPool());
        return new Scaling(
                config, new QueryServerSource(queries.url(), config, clients), new TorchServe(clients), clock);
    }

    private static String keys(String management) {
        return "{\"management\": {\"key\": \"" + management
                + "\", \"expiration time\": \"2026\"}, \"API\": {\"key\": \"x\"}}";
    }

    /** One evaluation with everything heard, 15 s after the last. */
    private String under(double requestsPerSecond) throws InterruptedException {
        now = now.plusSeconds(15);
        queries.answer(FRONTIER, now.getEpochSecond() - 10.0);
        queries.answer(GUARD, 1);
        queries.answer(LOAD, requestsPerSecond);
        return scaling.evaluate().get(0);
    }

    private String during(Duration time, double requestsPerSecond) throws InterruptedException {
        String last = "";
        for (Instant end = now.plus(time); now.isBefore(end); ) {
            last = under(requestsPerSecond);
        }
        return last;
    }

    private static String put(int workers) {
        String parameters = "min_worker=" + workers + "&max_worker=" + workers;
        return "PUT /models/resnet%2018?" + parameters + " " + parameters;
    }

    @Test
    void followsALoadRampUpAtOnceAndDownOnceItLasts() throws Exception {
        String line = under(19);
        assertEquals(
                "scaling rule resnet: KEEP: 19.0000 with target 10.0000 wants 2 workers of 1 to 6, 2 of 2 are ready",
                line);
        line = under(34);
        assertEquals(
                "scaling rule resnet: UP: 34.0000 with target 10.0000 wants 4 workers of 1 to 6, 2 of 2 are ready; sets model"
                        + " resnet 18 to 4 workers",
                line);
        assertEquals(List.of(put(4)), torchServe.puts);
        line = under(900);
        assertTrue(line.endsWith("changed 15 s ago, cooldown"), line);
        during(Duration.ofMinutes(1), 900);
        assertEquals(List.of(put(4), put(6)), torchServe.puts, "never more than max");
        line = during(Duration.ofMinutes(4), 3);
        assertTrue(line.endsWith("6 were wanted within the stabilization"), line);
        under(25);
        during(Duration.ofMinutes(2), 3);
        assertEquals(List.of(put(4), put(6), put(3)), torchServe.puts, "the most that was wanted in the five minutes");
        during(Duration.ofMinutes(5), 0);
        assertEquals(List.of(put(4), put(6), put(3), put(1)), torchServe.puts, "never fewer than min");
        assertEquals("Bearer secret", queries.authorization);
    }

    @Test
    void changesNothingWhileSomethingIsNotKnown() throws Exception {
        under(19);
        torchServe.workers = 5;
        during(Duration.ofMinutes(4), 45);
        unknown("guard gives 0.0 (expected: a number other than 0)", () -> queries.answer(GUARD, 0));
        unknown("guard gives 0 series (expected: one number)", () -> queries.results.remove(GUARD));
        unknown("expr gives 0 series (expected: one number)", () -> queries.results.remove(LOAD));
        unknown("expr gives NaN (expected: a finite number, not negative)", () -> queries.answer(LOAD, Double.NaN));
        unknown("freshness gives 0 series (expected: one number)", () -> queries.results.remove(FRONTIER));
        unknown(
                "everything was heard only up to 61.0 s ago (expected: at most max_age 60 s)",
                () -> queries.answer(FRONTIER, now.getEpochSecond() - 61.0));
        queries.isDown = true;
        String line = scaling.evaluate().get(0);
        assertTrue(line.contains("UNKNOWN: freshness: HTTP 503 of " + queries.url() + ": starting"), line);
        queries.isDown = false;
        line = during(Duration.ofMinutes(4), 0);
        assertTrue(line.endsWith("s only, stabilization"), line);
        assertEquals(
                List.of(), torchServe.puts, "an outage takes no worker away, neither while it lasts nor just after");
        during(Duration.ofMinutes(2), 0);
        assertEquals(List.of(put(1)), torchServe.puts);
        assertTrue(scaling.metricsText()
                .contains("weir_scaling_decisions_total{rule=\"resnet\",decision=\"unknown\"} 7\n"));
        assertTrue(scaling.metricsText().contains("weir_scaling_changes_total{rule=\"resnet\",outcome=\"done\"} 1\n"));
    }

    private void unknown(String why, Runnable outage) throws InterruptedException {
        now = now.plusSeconds(1);
        queries.answer(FRONTIER, now.getEpochSecond() - 10.0);
        queries.answer(GUARD, 1);
        queries.answer(LOAD, 0);
        outage.run();
        assertEquals("scaling rule resnet: UNKNOWN: " + why, scaling.evaluate().get(0));
    }

    @Test
    void onlySaysWhatItWouldDoInADryRun() throws Exception {
        scaling = scaling("true");
        String line = under(34);
        assertTrue(line.endsWith("; sets model resnet 18 to 4 workers (dry run: nothing is changed)"), line);
        assertEquals(List.of(), torchServe.puts);
        assertTrue(scaling.metricsText().contains("weir_scaling_dry_run 1\n"));
        assertTrue(scaling.metricsText().contains("weir_scaling_workers_wanted{rule=\"resnet\"} 4\n"));
        assertTrue(scaling.metricsText().contains("weir_scaling_workers{rule=\"resnet\"} 2\n"));
        assertTrue(scaling.metricsText().contains("weir_scaling_value{rule=\"resnet\"} 34\n"));
    }

    @Test
    void readsTheKeyAnewAndSaysWhatTorchServeSaysOfAnOldOne() throws Exception {
        Files.writeString(folder.resolve("key_file.json"), keys("old"));
        String line = under(34);
        assertTrue(line.contains("UNKNOWN: GET " + torchServe.url() + "/models/resnet%2018: HTTP 400"), line);
        assertTrue(line.contains("Token Authorization failed"), line);
        Files.writeString(folder.resolve("key_file.json"), FakeTorchServe.KEY);
        under(34);
        assertEquals(List.of(put(4)), torchServe.puts);
    }

    @Test
    void takesNoWorkerAwayWhileOthersStart() throws Exception {
        torchServe.workers = 4;
        torchServe.starting = 2;
        String line = during(Duration.ofMinutes(6), 10);
        assertTrue(line.endsWith("wants 1 workers of 1 to 6, 2 of 4 are ready; workers are starting"), line);
        assertEquals(List.of(), torchServe.puts);
    }
}
