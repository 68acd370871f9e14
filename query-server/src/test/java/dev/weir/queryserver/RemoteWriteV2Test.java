package dev.weir.queryserver;

import static dev.weir.queryserver.RunningServer.NOW_MS;
import static dev.weir.queryserver.RunningServer.encode;
import static dev.weir.queryserver.RunningServer.sample;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import dev.weir.queryserver.remotewrite.WriteLimits;
import dev.weir.schemas.remotewrite.BucketSpan;
import dev.weir.schemas.remotewrite.Histogram;
import dev.weir.schemas.remotewrite.v2.Exemplar;
import dev.weir.schemas.remotewrite.v2.Metadata;
import dev.weir.schemas.remotewrite.v2.Metadata.MetricType;
import dev.weir.schemas.remotewrite.v2.Request;
import dev.weir.schemas.remotewrite.v2.TimeSeries;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.xerial.snappy.Snappy;

/** Remote write 2.0, answer by answer. */
@SuppressWarnings("NullAway.Init")
class RemoteWriteV2Test {
    private static final String TYPE = "application/x-protobuf;proto=io.prometheus.write.v2.Request";
    private static final List<String> SYMBOLS = List.of(
            "", "__name__", "a_total", "job", "x", "All of them.", "seconds", "b_seconds_bucket", "h", "le", "1");

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
    void storesFloatsAndHistogramsAndSaysHowMany() {
        HttpResponse<String> answer = send(request(
                series(1, 2, 3, 4).addSamples(sample(NOW_MS - 1000, 1)).addSamples(sample(NOW_MS, 2)),
                series(1, 8)
                        .addHistograms(histogram())
                        .addExemplars(Exemplar.newBuilder().setValue(1))));

        assertEquals(204, answer.statusCode(), answer.body());
        assertWritten(answer, 2, 1, 0);
        assertTrue(query("a_total[10s]").contains("{\"__name__\":\"a_total\",\"job\":\"x\"}"), query("a_total[10s]"));
        assertTrue(query("a_total[10s]").contains("\"1\"],[" + NOW_MS / 1000 + ",\"2\"]"), query("a_total[10s]"));
        assertTrue(query("histogram_count(h)").contains("\"4\""), query("histogram_count(h)"));
    }

    @Test
    void countsARepetitionAsWritten() {
        Request request = request(series(1, 2).addSamples(sample(NOW_MS, 1)));
        send(request);
        HttpResponse<String> again = send(request);
        assertEquals(204, again.statusCode());
        assertWritten(again, 1, 0, 0);
        assertWritten(send(Request.getDefaultInstance()), 0, 0, 0);
    }

    @Test
    void keepsHistogramsWithCustomBounds() {
        Histogram.Builder custom = Histogram.newBuilder()
                .setTimestamp(NOW_MS)
                .setSchema(-53)
                .setCountInt(3)
                .setSum(7)
                .addCustomValues(1)
                .addCustomValues(5)
                .addPositiveSpans(BucketSpan.newBuilder().setLength(3))
                .addPositiveDeltas(1)
                .addPositiveDeltas(0)
                .addPositiveDeltas(0);
        assertEquals(204, send(request(series(1, 8).addHistograms(custom))).statusCode());
        String result = query("h");
        assertTrue(
                result.contains(
                        "\"buckets\":[[3,\"-Inf\",\"1\",\"1\"],[0,\"1\",\"5\",\"1\"],[0,\"5\",\"+Inf\",\"1\"]]"),
                result);

        assertRefused(
                "custom bound 1.0 after 5.0",
                series(1, 8).addHistograms(custom.clone().addCustomValues(1)));
        assertRefused(
                "custom bound Infinity",
                series(1, 8).addHistograms(custom.clone().addCustomValues(Double.POSITIVE_INFINITY)));
        assertRefused("zero bucket", series(1, 8).addHistograms(custom.clone().setZeroThreshold(1)));
        assertRefused(
                "count 4.0 with 3.0", series(1, 8).addHistograms(custom.clone().setCountInt(4)));
        assertRefused(
                "bucket index 2",
                series(1, 8).addHistograms(custom.clone().clearCustomValues().addCustomValues(1)));
    }

    @Test
    void refusesHistogramsByTheRuleThatTheyBreak() {
        assertRefused("schema: 9", series(1, 8).addHistograms(histogram().setSchema(9)));
        assertRefused(
                "count 5.0 with 4.0", series(1, 8).addHistograms(histogram().setCountInt(5)));
        assertRefused(
                "count 3.0 with 4.0",
                series(1, 8).addHistograms(histogram().setSum(Double.NaN).setCountInt(3)));
        assertRefused(
                "2 buckets with 3 counts",
                series(1, 8).addHistograms(histogram().addPositiveDeltas(0)));
    }

    @Test
    void namesTheRuleThatReferencesBreak() {
        assertRefused("label name is symbol 99 (expected: one of the request's 11", series(99, 2));
        assertRefused("label value is symbol 4294967295", series(1, -1));
        assertRefused("label \"job\" without a value", series(1, 2, 3));
        assertRefused("\"job\" is there twice", series(1, 2, 3, 4, 3, 4));
        assertRefused("no metric name in {job=\"x\"}", series(3, 4));
        assertRefused("empty name", series(1, 2, 0, 4));
        assertRefused(
                "help is symbol 77",
                series(1, 2).setMetadata(Metadata.newBuilder().setHelpRef(77)));
        assertRefused("too far in the future", series(1, 2).addSamples(sample(NOW_MS + 600_001, 1)));
        assertTrue(server.get("/api/v1/labels").body().contains("\"data\":[]"));
    }

    @Test
    void refusesSymbolsThatAreNone() {
        Request bad = Request.newBuilder().addSymbols("x").build();
        assertRefused("symbol 0 is not empty", bad.toByteArray());
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(new byte[] {4 << 3 | 2, 0, 4 << 3 | 2, 1, (byte) 0xff});
        assertRefused("symbol 1 is no valid UTF-8", bytes.toByteArray());
        assertRefused("no io.prometheus.write.v2.Request", new byte[] {42, 100, 1});
    }

    @Test
    void takesReferencesUnpackedAndSymbolsBehindSeries() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        CodedOutputStream series = CodedOutputStream.newInstance(bytes);
        series.writeUInt32(1, 1);
        series.writeUInt32(1, 2);
        series.writeMessage(2, sample(NOW_MS, 7));
        series.flush();
        ByteArrayOutputStream request = new ByteArrayOutputStream();
        CodedOutputStream out = CodedOutputStream.newInstance(request);
        out.writeBytes(5, ByteString.copyFrom(bytes.toByteArray()));
        for (String symbol : SYMBOLS) {
            out.writeString(4, symbol);
        }
        out.flush();
        assertEquals(204, send(request.toByteArray()).statusCode());
        assertTrue(query("a_total").contains("\"7\""));
    }

    @ParameterizedTest
    @CsvSource({
        "2, METRIC_TYPE_COUNTER, a_total, counter",
        "7, METRIC_TYPE_HISTOGRAM, b_seconds, histogram",
        "7, METRIC_TYPE_UNSPECIFIED, b_seconds_bucket, unknown",
    })
    void keepsMetadataByFamily(int name, MetricType type, String family, String shown) {
        Metadata said =
                Metadata.newBuilder().setType(type).setHelpRef(5).setUnitRef(6).build();
        send(request(series(1, name).addSamples(sample(NOW_MS, 1)).setMetadata(said)));
        assertEquals(
                "{\"status\":\"success\",\"data\":{\"" + family + "\":[{\"type\":\"" + shown
                        + "\",\"help\":\"All of them.\",\"unit\":\"seconds\"}]}}",
                server.get("/api/v1/metadata").body());
    }

    @Test
    void countsFromZeroAtTheCreatedTimeAndAgainAfterARestart() {
        TimeSeries.Builder first =
                series(1, 2).setCreatedTimestamp(NOW_MS - 100_000).addSamples(sample(NOW_MS - 60_000, 5));
        assertEquals(204, send(request(first)).statusCode());
        assertWritten(send(request(first)), 1, 0, 0);
        TimeSeries.Builder restarted =
                series(1, 2).setCreatedTimestamp(NOW_MS - 30_000).addSamples(sample(NOW_MS - 10_000, 7));
        assertEquals(204, send(request(restarted)).statusCode());
        String all = query("a_total[5m]");
        assertTrue(all.contains("\"0\"],[") && all.contains("\"5\"],[") && all.contains("\"7\"]]"), all);
        assertTrue(query("count_over_time(a_total[5m])").contains("\"4\""), all);
        assertTrue(query("resets(a_total[5m])").contains("\"1\""), all);

        TimeSeries.Builder histogram =
                series(1, 8).setCreatedTimestamp(NOW_MS - 1000).addHistograms(histogram());
        assertEquals(204, send(request(histogram)).statusCode());
        assertTrue(query("count_over_time(h[10s])").contains("\"2\""));
    }

    @Test
    void storesNothingOfARequestThatBreaksARule() {
        assertRefused(
                "series 1: no metric name",
                request(series(1, 2).addSamples(sample(NOW_MS, 1)), series(3, 4))
                        .toByteArray());
        assertTrue(query("a_total").contains("\"result\":[]"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/x-protobuf;proto=io.prometheus.write.v3.Request",
                "application/x-protobuf;proto=IO.Prometheus.write.v2.request",
                "application/x-protobuf;proto",
                "application/x-protobuf;proto=",
                "application/x-protobuf;proto=prometheus.WriteRequest;proto=io.prometheus.write.v2.Request",
                "application/x-protobufs",
                "text/plain;proto=io.prometheus.write.v2.Request",
            })
    void refusesOtherContentTypes(String type) {
        assertEquals(
                415,
                server.post("/api/v1/write", new byte[0], "Content-Type", type).statusCode());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Application/X-Protobuf ; Proto=\"io.prometheus.write.v2.Request\"",
                "application/x-protobuf; charset=utf-8; proto=io.prometheus.write.v2.Request",
            })
    void takesTheContentTypeHoweverItIsWritten(String type) throws IOException {
        byte[] body = Snappy.compress(
                request(series(1, 2).addSamples(sample(NOW_MS, 1))).toByteArray());
        assertWritten(server.post("/api/v1/write", body, "Content-Type", type), 1, 0, 0);
    }

    @Test
    void livesThroughRandomBytes() {
        Random random = new Random(78);
        byte[] good = request(
                        series(1, 2, 3, 4).addSamples(sample(NOW_MS, 1)),
                        series(1, 8).addHistograms(histogram()))
                .toByteArray();
        for (int i = 0; i < 300; i++) {
            byte[] bytes = good.clone();
            for (int k = 0; k < 3; k++) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            int status = send(bytes).statusCode();
            assertTrue(status == 204 || status == 400 || status == 413, "status " + status + " of request " + i);
        }
        assertEquals(200, server.get("/-/healthy").statusCode());
    }

    private String query(String query) {
        return server.get("/api/v1/query?query=" + encode(query)).body();
    }

    private void assertRefused(String part, TimeSeries.Builder series) {
        assertRefused(part, request(series).toByteArray());
    }

    private void assertRefused(String part, byte[] request) {
        HttpResponse<String> answer = send(request);
        assertTrue(answer.body().contains(part), answer.body());
        assertEquals(400, answer.statusCode());
        assertWritten(answer, 0, 0, 0);
    }

    private static void assertWritten(HttpResponse<String> answer, int floats, int histograms, int exemplars) {
        String prefix = "X-Prometheus-Remote-Write-";
        assertEquals(
                floats + " " + histograms + " " + exemplars,
                answer.headers().firstValue(prefix + "Samples-Written").orElse("-") + " "
                        + answer.headers()
                                .firstValue(prefix + "Histograms-Written")
                                .orElse("-") + " "
                        + answer.headers()
                                .firstValue(prefix + "Exemplars-Written")
                                .orElse("-"));
    }

    private HttpResponse<String> send(Request request) {
        return send(request.toByteArray());
    }

    private HttpResponse<String> send(byte[] request) {
        try {
            return server.post(
                    "/api/v1/write", Snappy.compress(request), "Content-Type", TYPE, "Content-Encoding", "snappy");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static Request request(TimeSeries.Builder... series) {
        Request.Builder request = Request.newBuilder().addAllSymbols(SYMBOLS);
        for (TimeSeries.Builder one : series) {
            request.addTimeseries(one);
        }
        return request.build();
    }

    private static TimeSeries.Builder series(int... references) {
        TimeSeries.Builder series = TimeSeries.newBuilder();
        for (int reference : references) {
            series.addLabelsRefs(reference);
        }
        return series;
    }

    private static Histogram.Builder histogram() {
        return Histogram.newBuilder()
                .setTimestamp(NOW_MS)
                .setCountInt(4)
                .setSum(5.5)
                .setZeroThreshold(0.001)
                .setZeroCountInt(1)
                .addPositiveSpans(BucketSpan.newBuilder().setLength(2))
                .addPositiveDeltas(2)
                .addPositiveDeltas(-1);
    }
}
