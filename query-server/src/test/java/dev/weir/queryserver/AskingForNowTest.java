package dev.weir.queryserver;

import static dev.weir.queryserver.RunningServer.NOW_MS;
import static dev.weir.queryserver.RunningServer.NOW_S;
import static dev.weir.queryserver.RunningServer.encode;
import static dev.weir.queryserver.RunningServer.sample;
import static dev.weir.queryserver.RunningServer.series;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.schemas.remotewrite.TimeSeries;
import dev.weir.schemas.remotewrite.WriteRequest;
import dev.weir.series.Labels;
import dev.weir.series.StaleMarker;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rule 12: the newest complete window answers for now. */
@SuppressWarnings("NullAway.Init")
class AskingForNowTest {
    private static final String RATE = "rate(x_total[10s])";

    @TempDir
    Path directory;

    private RunningServer server;

    @BeforeEach
    void start() throws IOException {
        server = RunningServer.start(directory);
        // Points each 5 s up to the frontier, 10 s ago: at now, the last 10 s hold none.
        TimeSeries.Builder counter = series(Labels.of("__name__", "x_total", "project_id", "p"));
        for (long time = NOW_MS - 120_000; time <= NOW_MS - 10_000; time += 5000) {
            counter.addSamples(sample(time, time / 1000.0));
        }
        WriteRequest.Builder request = WriteRequest.newBuilder().addTimeseries(counter);
        request.addTimeseries(frontier("p", "0", NOW_MS - 10_000));
        request.addTimeseries(frontier("p", "1", NOW_MS - 5000));
        assertEquals(204, server.write(request.build()).statusCode());
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void answersNowAtTheLeastFrontierUnderNowsOwnTime() {
        String body = instant(NOW_S, "p");
        assertTrue(body.contains("\"value\":[" + NOW_S + ",\"1\"]"), body);
        assertTrue(
                body.endsWith(",\"infos\":[\"PromQL info: evaluated at the newest complete window 2026-03-01T11:59:50Z,"
                        + " 10.0 s before the asked time\"]}"),
                body);
    }

    @Test
    void isPlainPrometheusAtAndBeforeTheFrontier() {
        for (long time : new long[] {NOW_S - 10, NOW_S - 17}) {
            String body = instant(time, "p");
            assertTrue(body.contains("\"value\":[" + time + ",\"1\"]"), body);
            assertFalse(body.contains("infos"), body);
        }
    }

    @Test
    void isPlainPrometheusBeyondTheHold() {
        assertTrue(instant(NOW_S + 50, "p").contains("\"value\":[" + (NOW_S + 50) + ",\"1\"]"));
        String beyond = instant(NOW_S + 51, "p");
        assertTrue(beyond.contains("\"result\":[]"), beyond);
        assertFalse(beyond.contains("infos"), beyond);
    }

    @Test
    void isPlainPrometheusWhereAProjectHasNoFrontier() {
        server.write(RunningServer.samples(NOW_MS, 1, Labels.of("__name__", "y", "project_id", "q")));
        String body = server.get("/api/v1/query?query=y", "X-Scope-OrgID", "q").body();
        assertTrue(body.contains("\"1\"") && !body.contains("infos"), body);
    }

    @Test
    void holdsTheStepsOfARangeThatLieBeyondTheFrontier() {
        String body = server.get("/api/v1/query_range?query=" + encode(RATE) + "&start=" + (NOW_S - 15) + "&end="
                        + (NOW_S + 55) + "&step=5")
                .body();
        String points = body.substring(body.indexOf("\"values\""), body.indexOf("]]"));
        assertEquals(14, points.split("\\[1", -1).length - 1, body);
        assertTrue(points.contains("[" + (NOW_S + 50) + ",\"1\"") && !points.contains("[" + (NOW_S + 55) + ","), body);
        assertTrue(body.contains("60.0 s before the asked time"), body);
    }

    @Test
    void takesTheLeastFrontierWhereAllProjectsAreRead() {
        assertTrue(instant(NOW_S, "").contains(" 10.0 s before"));
        server.write(request(frontier("q", "0", NOW_MS - 40_000)));
        assertTrue(instant(NOW_S, "").contains(" 40.0 s before"));
        assertTrue(instant(NOW_S, "p").contains(" 10.0 s before"));
    }

    @Test
    void aProjectThatEndedHoldsBackNoOther() {
        server.write(request(frontier("q", "0", NOW_MS - 90_000)));
        assertTrue(instant(NOW_S, "").contains(" 10.0 s before"));
        server.write(request(frontier("r", "0", NOW_MS - 40_000)));
        TimeSeries.Builder ended = series(labels("r", "0")).addSamples(sample(NOW_MS - 39_000, StaleMarker.VALUE));
        server.write(request(ended));
        assertTrue(instant(NOW_S, "").contains(" 10.0 s before"));
    }

    @Test
    void aPartitionThatHasTheProjectNoMoreNoLongerCounts() {
        server.write(request(series(labels("p", "0")).addSamples(sample(NOW_MS - 5000, StaleMarker.VALUE))));
        assertTrue(instant(NOW_S, "p").contains(" 5.0 s before"));
    }

    @Test
    void knowsTheFrontierAgainAfterARestart() throws IOException {
        server.close();
        server = RunningServer.start(directory);
        assertTrue(instant(NOW_S, "p").contains(" 10.0 s before"));
    }

    @Test
    void countsOffsetsAndSubqueriesFromTheEvaluatedTime() {
        assertTrue(server.get("/api/v1/query?query=" + encode("timestamp(x_total)"))
                .body()
                .contains("\"" + (NOW_S - 10) + "\""));
        assertTrue(server.get("/api/v1/query?query=" + encode("timestamp(x_total offset 5s)"))
                .body()
                .contains("\"" + (NOW_S - 15) + "\""));
    }

    @Test
    void tellsForHowLongTheNewestWindowWasHowOld(@TempDir Path other) throws IOException {
        AtomicLong nowMs = new AtomicLong(NOW_MS);
        try (RunningServer moving =
                RunningServer.start(RunningServer.options(other).withClock(() -> Instant.ofEpochMilli(nowMs.get())))) {
            moving.write(request(frontier("p", "0", NOW_MS - 8_000)));
            nowMs.addAndGet(6_000);
            moving.write(request(frontier("p", "0", NOW_MS - 3_000)));
            nowMs.addAndGet(500);
            // From 8 to 14 s old, then from 9 to 9.5 s.
            String metrics = moving.get("/metrics").body();
            for (String line : new String[] {
                "_bucket{project=\"p\",le=\"8.0\"} 0",
                "_bucket{project=\"p\",le=\"9.0\"} 1",
                "_bucket{project=\"p\",le=\"10.0\"} 2.5",
                "_bucket{project=\"p\",le=\"+Inf\"} 6.5",
                "_count{project=\"p\"} 6.5"
            }) {
                assertTrue(metrics.contains("\nweir_freshness_seconds" + line + "\n"), metrics);
            }
            assertTrue(metrics.contains("\nweir_query_server_frontier_lag_seconds{project=\"p\"} 9.5\n"), metrics);
        }
    }

    private String instant(long timeS, String project) {
        String path = "/api/v1/query?query=" + encode(RATE) + "&time=" + timeS;
        return project.isEmpty()
                ? server.get(path).body()
                : server.get(path, "X-Scope-OrgID", project).body();
    }

    private static WriteRequest request(TimeSeries.Builder series) {
        return WriteRequest.newBuilder().addTimeseries(series).build();
    }

    private static Labels labels(String project, String partition) {
        return Labels.of("__name__", "weir_frontier_timestamp_seconds", "project_id", project, "partition", partition);
    }

    private static TimeSeries.Builder frontier(String project, String partition, long millis) {
        return series(labels(project, partition)).addSamples(sample(millis, millis / 1000.0));
    }
}
