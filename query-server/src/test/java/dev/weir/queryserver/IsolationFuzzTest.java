package dev.weir.queryserver;

import static dev.weir.queryserver.RunningServer.NOW;
import static dev.weir.queryserver.RunningServer.NOW_MS;
import static dev.weir.queryserver.RunningServer.sample;
import static dev.weir.queryserver.RunningServer.series;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.queryserver.HostileGenerator.Hostile;
import dev.weir.queryserver.token.TokenOptions;
import dev.weir.queryserver.token.TokenScope;
import dev.weir.queryserver.token.Tokens;
import dev.weir.schemas.remotewrite.BucketSpan;
import dev.weir.schemas.remotewrite.Histogram;
import dev.weir.schemas.remotewrite.MetricMetadata;
import dev.weir.schemas.remotewrite.WriteRequest;
import dev.weir.series.Labels;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever the reader of project a asks, the answer holds nothing of another project, and is what a server says that has
 * never heard of another. {@code -Dweir.fuzz.queries=100000} asks more, {@code -Dweir.fuzz.seed} asks others.
 */
class IsolationFuzzTest {
    /** In every name, value and text of the other projects, and never in a request. */
    private static final String MARKER = "zqxmarker";

    /** A value that only the other projects have; its digits are their mark in numbers. */
    private static final double MARKED_VALUE = 918_273_645;

    private static final int QUERIES = Integer.getInteger("weir.fuzz.queries", 2_000);
    private static final long SEED = Long.getLong("weir.fuzz.seed", 20_260_301L);

    /** A server, and the token of somebody who may read project a. */
    private record Side(RunningServer server, Tokens.Made reader) implements AutoCloseable {
        static Side start(Path directory) throws IOException {
            Path tokens = directory.resolve("tokens");
            Tokens.Made reader;
            try (Tokens open = Tokens.open(tokens, InstantSource.fixed(NOW))) {
                reader = open.create(new Tokens.Wish("a", TokenScope.READ, null, ""));
            }
            return new Side(
                    RunningServer.start(RunningServer.options(directory.resolve("store"))
                            .withTokens(new TokenOptions(tokens, "own"))),
                    reader);
        }

        void write(String project, WriteRequest request) {
            assertEquals(
                    204,
                    server.write(request, "Authorization", "Bearer own", "X-Scope-OrgID", project)
                            .statusCode());
        }

        HttpResponse<String> ask(Hostile hostile) {
            try {
                return server.send(hostile, "Bearer " + reader.secret());
            } catch (AssertionError e) {
                // A request that is none ends its connection, which the client finds out by the next.
                return server.send(hostile, "Bearer " + reader.secret());
            }
        }

        @Override
        public void close() {
            server.close();
        }
    }

    @Test
    void noAnswerHoldsAByteOfAnotherProject(@TempDir Path directory) throws IOException {
        try (Side both = Side.start(directory.resolve("both"));
                Side alone = Side.start(directory.resolve("alone"))) {
            both.write("a", data("", 1));
            alone.write("a", data("", 1));
            both.write("b", data(MARKER, MARKED_VALUE));
            both.write("hidden-" + MARKER, data(MARKER, MARKED_VALUE));
            HostileGenerator generator = new HostileGenerator(SEED);
            Map<Integer, Integer> statuses = new TreeMap<>();
            int withData = 0;
            for (int i = 0; i < QUERIES; i++) {
                Hostile hostile = generator.next();
                String where = "request " + i + " of seed " + SEED + ": " + hostile;
                HttpResponse<String> answer = both.ask(hostile);
                String said = (answer.body() + answer.headers().map()).toLowerCase(Locale.ROOT);
                assertFalse(said.contains(MARKER), where + "\n" + answer.body());
                assertFalse(said.contains("918273645"), where + "\n" + answer.body());
                HttpResponse<String> expected = alone.ask(hostile);
                assertEquals(expected.statusCode(), answer.statusCode(), where);
                if (isOfRequestAlone(hostile)) {
                    assertEquals(
                            expected.body().replace(alone.reader.token().id(), "ID"),
                            answer.body().replace(both.reader.token().id(), "ID"),
                            where);
                }
                statuses.merge(answer.statusCode(), 1, Integer::sum);
                withData += answer.statusCode() == 200 && answer.body().contains("only_a") ? 1 : 0;
            }
            System.out.println(QUERIES + " requests, by status " + statuses + ", with data of a " + withData);
            assertTrue(withData > QUERIES / 20, "the requests find something: " + withData + " " + statuses);
        }
    }

    /** Its own metrics and how long a query took differ from process to process. */
    private static boolean isOfRequestAlone(Hostile hostile) {
        return !hostile.pathAndQuery().contains("/metrics?")
                && !hostile.pathAndQuery().endsWith("/metrics")
                && !hostile.pathAndQuery().contains("runtimeinfo")
                && !(hostile.pathAndQuery() + hostile.form()).contains("stats=");
    }

    private static WriteRequest data(String marker, double value) {
        String job = marker.isEmpty() ? "only_a" : marker;
        WriteRequest.Builder request = WriteRequest.newBuilder();
        String own = marker.isEmpty() ? "a" : "only_b";
        add(request, value, Labels.of("__name__", "shared_total", "job", job, "instance", "i"));
        add(request, value, Labels.of("__name__", own + "_total", "job", job, own + marker, "v"));
        add(
                request,
                value,
                Labels.of("__name__", "up", "job", "j", "instance", "i", "project_id", "b", "x" + marker, "v"));
        add(request, value, Labels.of("__name__", "target_info", "job", "j", "instance", "i", "version", "v" + marker));
        add(request, value, Labels.of("__name__", own + marker + ".dotted", "l.x", marker + "v"));
        add(request, value, Labels.of("__name__", own + "_total", "job", job, "project_id", "b", "le", "1"));
        add(request, value, Labels.of("__name__", "le_bucket", "le", "+Inf", "job", job));
        request.addTimeseries(series(Labels.of("__name__", "native", "job", job))
                .addHistograms(Histogram.newBuilder()
                        .setTimestamp(NOW_MS)
                        .setCountInt((long) value)
                        .setSum(value)
                        .addPositiveSpans(BucketSpan.newBuilder().setLength(1))
                        .addPositiveDeltas((long) value)));
        request.addMetadata(MetricMetadata.newBuilder()
                .setType(MetricMetadata.MetricType.COUNTER)
                .setMetricFamilyName("shared_total")
                .setHelp("Help " + marker)
                .setUnit(marker + "u"));
        return request.build();
    }

    private static void add(WriteRequest.Builder request, double value, Labels labels) {
        var one = series(labels);
        for (int i = 20; i >= 0; i--) {
            one.addSamples(sample(NOW_MS - i * 15_000L, value));
        }
        request.addTimeseries(one);
    }
}
