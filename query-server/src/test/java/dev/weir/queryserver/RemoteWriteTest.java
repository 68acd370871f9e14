package dev.weir.queryserver;

import static dev.weir.queryserver.RunningServer.NOW_MS;
import static dev.weir.queryserver.RunningServer.label;
import static dev.weir.queryserver.RunningServer.sample;
import static dev.weir.queryserver.RunningServer.samples;
import static dev.weir.queryserver.RunningServer.series;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.queryserver.remotewrite.WriteLimits;
import dev.weir.schemas.remotewrite.BucketSpan;
import dev.weir.schemas.remotewrite.Histogram;
import dev.weir.schemas.remotewrite.TimeSeries;
import dev.weir.schemas.remotewrite.WriteRequest;
import dev.weir.series.Labels;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xerial.snappy.Snappy;

@SuppressWarnings("NullAway.Init")
class RemoteWriteTest {
    private static final Labels A = Labels.of("__name__", "a");

    @TempDir
    Path directory;

    private RunningServer server;

    @BeforeEach
    void start() throws IOException {
        server = RunningServer.start(RunningServer.options(directory)
                .withWriteLimits(new WriteLimits(100_000, 1_000_000, 1000, 10, 50, 100, 500)));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void answersGoodRequestsAndTheirRepetitionWith204() {
        assertEquals(204, server.write(samples(NOW_MS, 1, A)).statusCode());
        assertEquals(204, server.write(samples(NOW_MS, 1, A)).statusCode());
        assertEquals(204, server.write(WriteRequest.getDefaultInstance()).statusCode());
    }

    @Test
    void refusesOtherMediaTypesAndTakesMissingOnesAs10() throws IOException {
        byte[] body = Snappy.compress(samples(NOW_MS, 1, A).toByteArray());
        assertEquals(204, write(body, "Content-Type", "application/x-protobuf", "Content-Encoding", "snappy"));
        assertEquals(204, write(body, "Content-Type", "application/x-protobuf;proto=prometheus.WriteRequest"));
        assertEquals(204, write(body));
        assertEquals(415, write(body, "Content-Type", "application/json"));
        assertEquals(415, write(body, "Content-Encoding", "gzip"));
    }

    @Test
    void refusesWhatIsNoSnappyOrNoProtobuf() throws IOException {
        assertRefused(400, "snappy", "not snappy at all".getBytes(StandardCharsets.UTF_8));
        assertRefused(400, "snappy", new byte[0]);
        assertRefused(400, "WriteRequest", Snappy.compress(new byte[] {10, 100, 1, 2}));
    }

    @Test
    void refusesASnappyBombBeforeItTakesMemory() throws IOException {
        byte[] claim = {(byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, 7, 0, 'x'};
        assertRefused(400, "claims a length of 2147483647", claim);
        assertRefused(413, "maxDecodedBytes = 1000000", Snappy.compress(new byte[1_000_001]));
        assertRefused(413, "maxBodyBytes = 100000", new byte[100_001]);
    }

    @Test
    void endsTheConnectionWhereItLeavesABodyUnread() {
        HttpResponse<String> refused = server.post("/api/v1/write", new byte[100_001]);
        assertEquals("close", refused.headers().firstValue("Connection").orElse("keep-alive"));
        assertEquals(204, server.write(samples(NOW_MS, 1, A)).statusCode());
    }

    @Test
    void refusesWholeRequestsOverTheLimitsByName() {
        TimeSeries.Builder many = series(A);
        for (int i = 0; i < 1001; i++) {
            many.addSamples(sample(NOW_MS + i, 1));
        }
        assertRefused(413, "maxSamples = 1000", request(many));
        TimeSeries.Builder labels = series(A);
        for (int i = 0; i < 10; i++) {
            labels.addLabels(label("l" + i, "v"));
        }
        assertRefused(400, "maxLabels = 10", request(labels.addSamples(sample(NOW_MS, 1))));
        assertRefused(
                400,
                "label value of 101 bytes",
                samples(NOW_MS, 1, A.toBuilder().set("x", "y".repeat(101)).build()));
    }

    @Test
    void namesTheRuleThatLabelsBreak() {
        TimeSeries.Builder good = series(Labels.of("__name__", "good")).addSamples(sample(NOW_MS, 1));
        assertRefused(400, "series 1: no metric name in {x=\"y\"}", request(good, unnamed()));
        assertRefused(
                400,
                "\"x\" is there twice",
                request(good, series(A).addLabels(label("x", "1")).addLabels(label("x", "1"))));
        assertRefused(400, "empty name", request(good, series(A).addLabels(label("", "1"))));
        // The generated classes check UTF-8 themselves, so the label is put together by hand.
        byte[] invalid = concat(field(1, new byte[] {'x'}), field(2, new byte[] {(byte) 0xff}));
        byte[] series = concat(series(A).build().toByteArray(), field(1, invalid));
        byte[] bytes = request(good, series(A)).toByteArray();
        assertRefused(400, "series 2: label value is no valid UTF-8", compress(concat(bytes, field(1, series))));
        assertTrue(server.get("/api/v1/labels").body().contains("\"data\":[]"));
    }

    @Test
    void sortsLabelsThatComeUnsorted() {
        TimeSeries.Builder unsorted = TimeSeries.newBuilder()
                .addLabels(label("z", "1"))
                .addLabels(label("__name__", "a"))
                .addLabels(label("empty", ""))
                .addLabels(label("b", "2"))
                .addSamples(sample(NOW_MS, 1));
        assertEquals(204, server.write(request(unsorted)).statusCode());
        assertTrue(server.get("/api/v1/query?query=a").body().contains("{\"__name__\":\"a\",\"b\":\"2\",\"z\":\"1\"}"));
    }

    @Test
    void refusesRequestsAgainstTheOrderOfTimeWhole() {
        assertEquals(204, server.write(samples(NOW_MS, 1, A)).statusCode());
        Labels b = Labels.of("__name__", "b");
        assertRefused(400, "out of order sample", samples(NOW_MS - 1, 1, b, A));
        assertRefused(400, "duplicate sample for timestamp", samples(NOW_MS, 2, b, A));
        assertRefused(400, "too far in the future", samples(NOW_MS + 600_001, 2, b));
        assertRefused(400, "too old", samples(0, 2, b));
        assertTrue(server.get("/api/v1/query?query=b").body().contains("\"result\":[]"));
    }

    @Test
    void decidesTheProjectByHeaderThenLabelThenDefault() {
        Labels labelled = A.toBuilder().set("project_id", "p").build();
        server.write(samples(NOW_MS, 1, A, labelled));
        server.write(samples(NOW_MS, 1, labelled.toBuilder().set("x", "1").build()), "X-Scope-OrgID", "q");
        assertEquals(1, seriesOf("default"));
        assertEquals(1, seriesOf("p"));
        assertEquals(1, seriesOf("q"));
    }

    @Test
    void refusesHistogramsThatAreNone() {
        Histogram.Builder histogram =
                Histogram.newBuilder().setTimestamp(NOW_MS).setCountInt(1).setSchema(9);
        assertRefused(400, "schema", request(series(A).addHistograms(histogram)));
        histogram
                .setSchema(0)
                .addPositiveSpans(BucketSpan.newBuilder().setLength(2))
                .addPositiveDeltas(1);
        assertRefused(400, "2 buckets with 1 counts", request(series(A).addHistograms(histogram)));
        histogram.addPositiveDeltas(-5);
        assertRefused(400, "not negative", request(series(A).addHistograms(histogram)));
    }

    @Test
    void livesThroughRandomBytes() {
        Random random = new Random(77);
        for (int i = 0; i < 300; i++) {
            byte[] bytes =
                    samples(NOW_MS, i, A, Labels.of("__name__", "b", "c", "d")).toByteArray();
            for (int k = 0; k < 3; k++) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            int status = server.post("/api/v1/write", compress(bytes)).statusCode();
            assertTrue(status == 204 || status == 400 || status == 413, "status " + status + " of request " + i);
        }
        assertEquals(200, server.get("/-/healthy").statusCode());
    }

    @Test
    void saysInOneLineThatThePortIsInUse(@TempDir Path other) {
        IOException e = assertThrows(
                IOException.class,
                () -> RunningServer.start(RunningServer.options(other).withListen("127.0.0.1", server.port())));
        assertTrue(
                String.valueOf(e.getMessage()).startsWith("cannot listen on 127.0.0.1:" + server.port() + ": "),
                e.toString());
    }

    private int seriesOf(String project) {
        String body =
                server.get("/api/v1/query?query=a", "X-Scope-OrgID", project).body();
        return body.split("\"metric\"", -1).length - 1;
    }

    private int write(byte[] body, String... headers) {
        return server.post("/api/v1/write", body, headers).statusCode();
    }

    private void assertRefused(int status, String part, WriteRequest request) {
        assertRefused(status, part, compress(request.toByteArray()));
    }

    private void assertRefused(int status, String part, byte[] body) {
        HttpResponse<String> answer = server.post("/api/v1/write", body);
        assertTrue(answer.body().contains(part), answer.body());
        assertEquals(status, answer.statusCode());
    }

    private static WriteRequest request(TimeSeries.Builder... series) {
        WriteRequest.Builder request = WriteRequest.newBuilder();
        Arrays.asList(series).forEach(request::addTimeseries);
        return request.build();
    }

    private static TimeSeries.Builder unnamed() {
        return series(Labels.of("x", "y")).addSamples(sample(NOW_MS, 1));
    }

    private static byte[] compress(byte[] bytes) {
        try {
            return Snappy.compress(bytes);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** A length-delimited field of at most 127 bytes. */
    private static byte[] field(int number, byte[] bytes) {
        return concat(new byte[] {(byte) (number << 3 | 2), (byte) bytes.length}, bytes);
    }

    private static byte[] concat(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }
}
