package dev.weir.queryserver;

import static dev.weir.queryserver.RunningServer.NOW_MS;
import static dev.weir.queryserver.RunningServer.NOW_S;
import static dev.weir.queryserver.RunningServer.encode;
import static dev.weir.queryserver.RunningServer.sample;
import static dev.weir.queryserver.RunningServer.series;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.schemas.remotewrite.BucketSpan;
import dev.weir.schemas.remotewrite.Histogram;
import dev.weir.schemas.remotewrite.MetricMetadata;
import dev.weir.schemas.remotewrite.WriteRequest;
import dev.weir.series.Labels;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The HTTP contract of Prometheus' API, answer by answer. */
@SuppressWarnings("NullAway.Init")
class QueryApiTest {
    @TempDir
    static Path directory;

    private static RunningServer server;

    @BeforeAll
    static void start() throws IOException {
        server = RunningServer.start(directory);
        Labels requests = Labels.of("__name__", "requests_total", "job", "a", "project_id", "p");
        WriteRequest.Builder request = WriteRequest.newBuilder();
        var counter = series(requests);
        for (int i = 0; i <= 60; i++) {
            counter.addSamples(sample(NOW_MS - 300_000 + i * 5000L, i * 10));
        }
        request.addTimeseries(counter);
        double[] values = {
            1e21, 1e-7, 0.000001, -0.0, Double.NaN, Double.POSITIVE_INFINITY, 1.5, 123456789012345680000.0
        };
        for (int i = 0; i < values.length; i++) {
            request.addTimeseries(series(Labels.of("__name__", "odd", "i", Integer.toString(i)))
                    .addSamples(sample(NOW_MS, values[i])));
        }
        request.addTimeseries(series(Labels.of("__name__", "native"))
                .addHistograms(Histogram.newBuilder()
                        .setTimestamp(NOW_MS)
                        .setCountInt(4)
                        .setSum(5.5)
                        .setSchema(0)
                        .setZeroThreshold(0.001)
                        .setZeroCountInt(1)
                        .addPositiveSpans(BucketSpan.newBuilder().setOffset(0).setLength(2))
                        .addPositiveDeltas(2)
                        .addPositiveDeltas(-1)));
        request.addTimeseries(
                series(Labels.of("__name__", "dotted.name", "a.b", "ü\"\\\n")).addSamples(sample(NOW_MS, 1)));
        request.addMetadata(MetricMetadata.newBuilder()
                .setMetricFamilyName("requests")
                .setType(MetricMetadata.MetricType.COUNTER)
                .setHelp("All of them.")
                .setUnit(""));
        HttpResponse<String> answer = server.write(request.build());
        assertEquals(204, answer.statusCode(), answer.body());
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void answersAnInstantVectorWithNumbersAsTimesAndStringsAsValues() {
        HttpResponse<String> answer = server.get("/api/v1/query?query=requests_total&time=" + NOW_S + ".25");
        assertEquals(200, answer.statusCode());
        assertEquals(
                "application/json", answer.headers().firstValue("Content-Type").orElse(""));
        assertEquals(
                "{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":[{\"metric\":"
                        + "{\"__name__\":\"requests_total\",\"job\":\"a\",\"project_id\":\"p\"},\"value\":["
                        + NOW_S + ".250,\"600\"]}]}}",
                answer.body());
    }

    @Test
    void givesStatisticsInTheShapeOfPrometheusWhenAskedTo() {
        String body = server.get("/api/v1/query?query=1&time=1&stats=all").body();
        assertTrue(
                body.matches(
                        "\\{\"status\":\"success\",\"data\":\\{\"resultType\":\"scalar\",\"result\":\\[1,\"1\"],\"stats\":"
                                + "\\{\"timings\":\\{\"evalTotalTime\":[0-9.]+,\"resultSortTime\":0,\"queryPreparationTime\":0,"
                                + "\"innerEvalTime\":[0-9.]+,\"execQueueTime\":[0-9.]+,\"execTotalTime\":[0-9.]+},"
                                + "\"samples\":\\{\"totalQueryableSamples\":0,\"peakSamples\":0}}}}"),
                body);
    }

    @Test
    void takesNowWhereNoTimeIsGiven() {
        assertEquals(
                "{\"status\":\"success\",\"data\":{\"resultType\":\"scalar\",\"result\":[" + NOW_S + ",\"" + NOW_S
                        + "\"]}}",
                server.get("/api/v1/query?query=time()").body());
    }

    @Test
    void writesScalarsWithoutExponentAndTheirTimesShort() {
        assertEquals(
                "{\"status\":\"success\",\"data\":{\"resultType\":\"scalar\",\"result\":[1.25,\"0.0000001\"]}}",
                server.get("/api/v1/query?query=1e-7&time=1.25").body());
    }

    @Test
    void writesStrings() {
        assertEquals(
                "{\"status\":\"success\",\"data\":{\"resultType\":\"string\",\"result\":[1,\"a\\\"b\"]}}",
                server.get("/api/v1/query?time=1&query=" + encode("\"a\\\"b\"")).body());
    }

    @ParameterizedTest
    @CsvSource({
        "0, 1e+21",
        "1, 1e-07",
        "2, 0.000001",
        "3, -0",
        "4, NaN",
        "5, +Inf",
        "6, 1.5",
        "7, 123456789012345680000"
    })
    void writesFloatsOfVectorsAsGoDoes(int i, String expected) {
        String body = server.get("/api/v1/query?query=" + encode("odd{i=\"" + i + "\"}"))
                .body();
        assertTrue(body.contains("\"value\":[" + NOW_S + ",\"" + expected + "\"]"), body);
    }

    @Test
    void writesNativeHistogramsWithTheirBuckets() {
        String body = server.get("/api/v1/query?query=native").body();
        assertEquals(
                "{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":[{\"metric\":{\"__name__\":\"native\"},"
                        + "\"histogram\":[" + NOW_S + ",{\"count\":\"4\",\"sum\":\"5.5\",\"buckets\":"
                        + "[[3,\"-0.001\",\"0.001\",\"1\"],[0,\"0.5\",\"1\",\"2\"],[0,\"1\",\"2\",\"1\"]]}]}]}}",
                body);
    }

    @Test
    void writesAMatrixForARangeAndARangeSelector() {
        String range = server.get(
                        "/api/v1/query_range?query=requests_total&start=" + (NOW_S - 5) + "&end=" + NOW_S + "&step=2.5")
                .body();
        assertEquals(
                "{\"status\":\"success\",\"data\":{\"resultType\":\"matrix\",\"result\":[{\"metric\":"
                        + "{\"__name__\":\"requests_total\",\"job\":\"a\",\"project_id\":\"p\"},\"values\":[["
                        + (NOW_S - 5) + ",\"590\"],[" + (NOW_S - 3) + ".500,\"590\"],[" + NOW_S + ",\"600\"]]}]}}",
                range);
        String selector = server.get("/api/v1/query?query=" + encode("requests_total[10s]"))
                .body();
        assertTrue(selector.contains("\"resultType\":\"matrix\""), selector);
        assertTrue(selector.contains("\"values\":[[" + (NOW_S - 5) + ",\"590\"],[" + NOW_S + ",\"600\"]]"), selector);
    }

    @Test
    void answersARangeWithoutSeriesWithAnEmptyMatrix() {
        assertEquals(
                "{\"status\":\"success\",\"data\":{\"resultType\":\"matrix\",\"result\":[]}}",
                server.get("/api/v1/query_range?query=nothing&start=0&end=1&step=1")
                        .body());
    }

    @Test
    void takesElevenThousandAndOnePointsAndNoMore() {
        assertEquals(
                200,
                server.get("/api/v1/query_range?query=1&start=0&end=11000&step=1")
                        .statusCode());
        assertError(
                400,
                "bad_data",
                "exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution (?step=XX)"
                        + " (expected: at most maxPoints = 11000)",
                server.get("/api/v1/query_range?query=1&start=0&end=11001&step=1"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "time=1772366400",
                "time=1772366400.0",
                "time=2026-03-01T12:00:00Z",
                "time=2026-03-01T13:00:00%2B01:00",
                "time=1.7723664e9",
                ""
            })
    void takesTimesInEveryForm(String time) {
        assertTrue(
                server.get("/api/v1/query?query=requests_total&" + time).body().contains("[1772366400,\"600\"]"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/api/v1/query?query=1&time=never|invalid parameter \"time\": invalid time value for 'time': cannot parse \"never\" to a valid timestamp",
                "/api/v1/query?query=1&time=1d|invalid parameter \"time\": invalid time value for 'time': cannot parse \"1d\" to a valid timestamp",
                "/api/v1/query_range?query=1&end=1&step=1|invalid parameter \"start\": cannot parse \"\" to a valid timestamp",
                "/api/v1/query_range?query=1&start=2&end=1&step=1|invalid parameter \"end\": end timestamp must not be before start time",
                "/api/v1/query_range?query=1&start=0&end=1&step=0|invalid parameter \"step\": zero or negative query resolution step widths are not accepted. Try a positive integer",
                "/api/v1/query_range?query=1&start=0&end=1&step=x|invalid parameter \"step\": cannot parse \"x\" to a valid duration",
                "/api/v1/query?query=1&limit=-1|invalid parameter \"limit\": limit must be non-negative",
                "/api/v1/query?query=1&timeout=soon|invalid parameter \"timeout\": cannot parse \"soon\" to a valid duration",
                "/api/v1/query?query=%zz|error parsing form values: invalid URL escape \"%zz\"",
                "/api/v1/series|no match[] parameter provided",
            })
    void refusesBadParametersNamingThem(String path, String message) {
        // java.net.URI refuses what is no escape, so it is sent in a form.
        int query = path.indexOf('?');
        HttpResponse<String> answer =
                query < 0 ? server.get(path) : server.postForm(path.substring(0, query), path.substring(query + 1));
        assertError(400, "bad_data", message, answer);
    }

    @Test
    void refusesWhatIsNoPromQlNamingThePlace() {
        HttpResponse<String> answer = server.get("/api/v1/query?query=" + encode("sum by ("));
        assertEquals(400, answer.statusCode());
        assertTrue(
                answer.body()
                        .startsWith(
                                "{\"status\":\"error\",\"errorType\":\"bad_data\",\"error\":\"invalid parameter \\\"query\\\": 1:"),
                answer.body());
        assertTrue(answer.body().contains("parse error"), answer.body());
    }

    @Test
    void refusesARangeOverAString() {
        HttpResponse<String> answer = server.get("/api/v1/query_range?start=0&end=1&step=1&query=" + encode("\"x\""));
        assertError(
                400,
                "bad_data",
                "invalid parameter \"query\": invalid expression type \"string\" for range query, must be Scalar or instant Vector",
                answer);
    }

    @Test
    void tellsAnErrorOfEvaluationFromAnErrorOfTheQuery() {
        HttpResponse<String> answer =
                server.get("/api/v1/query?query=" + encode("label_replace(odd, \"i\", \"\", \"\", \"\")"));
        assertEquals(422, answer.statusCode(), answer.body());
        assertTrue(answer.body().contains("\"errorType\":\"execution\""), answer.body());
    }

    @Test
    void cutsOffAtTheLimitAndSaysSo() {
        String body = server.get("/api/v1/query?query=odd&limit=2").body();
        assertEquals(2, body.split("\"metric\"").length - 1);
        assertTrue(body.endsWith(",\"warnings\":[\"results truncated due to limit\"]}"), body);
        assertEquals(
                "{\"status\":\"success\",\"data\":[\"0\"],\"warnings\":[\"results truncated due to limit\"]}",
                server.get("/api/v1/label/i/values?limit=1").body());
    }

    @Test
    void listsLabelsValuesAndSeries() {
        assertEquals(
                "{\"status\":\"success\",\"data\":[\"__name__\",\"job\",\"project_id\"]}",
                server.get("/api/v1/labels?match[]=requests_total".replace("[]", "%5B%5D"))
                        .body());
        assertEquals(
                "{\"status\":\"success\",\"data\":[\"dotted.name\",\"native\",\"odd\",\"requests_total\"]}",
                server.get("/api/v1/label/__name__/values").body());
        assertEquals(
                "{\"status\":\"success\",\"data\":[]}",
                server.get("/api/v1/label/nothing/values").body());
        assertEquals(
                "{\"status\":\"success\",\"data\":[\"ü\\\"\\\\\\n\"]}",
                server.get("/api/v1/label/U__a_2e_b/values").body());
        assertEquals(
                "{\"status\":\"success\",\"data\":[{\"__name__\":\"native\"},"
                        + "{\"__name__\":\"requests_total\",\"job\":\"a\",\"project_id\":\"p\"}]}",
                server.postForm(
                                "/api/v1/series",
                                encode("match[]") + "=requests_total&" + encode("match[]") + "=native")
                        .body());
        assertEquals(
                "{\"status\":\"success\",\"data\":[]}",
                server.postForm("/api/v1/series", encode("match[]") + "=requests_total&start=0&end=10")
                        .body());
    }

    @Test
    void servesMetadataThatWasWritten() {
        String expected =
                "{\"status\":\"success\",\"data\":{\"requests\":[{\"type\":\"counter\",\"help\":\"All of them.\",\"unit\":\"\"}]}}";
        assertEquals(expected, server.get("/api/v1/metadata").body());
        assertEquals(
                expected,
                server.get("/api/v1/metadata?metric=requests", "X-Scope-OrgID", "p")
                        .body());
        assertEquals(
                "{\"status\":\"success\",\"data\":{}}",
                server.get("/api/v1/metadata", "X-Scope-OrgID", "q").body());
    }

    @Test
    void answersWhatGrafanaAsksFor() {
        assertTrue(server.get("/api/v1/status/buildinfo").body().contains("\"version\":\"3.5.0"));
        assertEquals(
                "{\"status\":\"success\",\"data\":{\"groups\":[]}}",
                server.get("/api/v1/rules").body());
        assertEquals(
                "{\"status\":\"success\",\"data\":{\"alerts\":[]}}",
                server.get("/api/v1/alerts").body());
        assertEquals(
                "{\"status\":\"success\",\"data\":[]}",
                server.postForm("/api/v1/query_exemplars", "query=x").body());
        assertEquals(
                "{\"status\":\"success\",\"data\":\"sum by (a) (rate(x[5m]))\"}",
                server.postForm("/api/v1/format_query", "query=" + encode("sum  by(a)(rate(x[5m]))"))
                        .body());
    }

    @Test
    void tellsUnknownPathsAndMethodsApart() {
        assertEquals(404, server.get("/api/v1/nothing").statusCode());
        assertEquals(405, server.get("/api/v1/write").statusCode());
        assertEquals(405, server.send("DELETE", "/api/v1/query").statusCode());
        assertEquals(405, server.postForm("/api/v1/label/x/values", "").statusCode());
        assertEquals(204, server.send("OPTIONS", "/api/v1/query").statusCode());
    }

    @Test
    void saysThatItIsWell() {
        assertEquals(200, server.get("/-/healthy").statusCode());
        assertEquals(200, server.get("/-/ready").statusCode());
        String metrics = server.get("/metrics").body();
        assertTrue(metrics.contains("weir_query_server_samples_stored_total 71\n"), metrics);
        assertTrue(metrics.contains("weir_query_server_series{project=\"p\"} 1\n"), metrics);
    }

    @Test
    void compressesWhenAsked() throws IOException {
        HttpResponse<byte[]> answer = server.getBytes("/api/v1/query?query=odd", "Accept-Encoding", "gzip");
        assertEquals("gzip", answer.headers().firstValue("Content-Encoding").orElse(""));
        try (GZIPInputStream unzipped = new GZIPInputStream(new ByteArrayInputStream(answer.body()))) {
            assertEquals(
                    server.get("/api/v1/query?query=odd").body(),
                    new String(unzipped.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "/api/v1/query, /api/v1/query_range",
        "/v1/api/metrics/query, /v1/api/metrics/query_range",
        "/v1/api/metrics/api/v1/query, /v1/api/metrics/api/v1/query_range",
        "/v1/metrics/api/v1/query, /v1/metrics/api/v1/query_range",
        "/v1alpha5/projects/p/metrics/timeseries, /v1alpha5/projects/p/metrics/timeseries",
        "/v1alpha5/projects/p/metrics/timeseries/api/v1/query, /v1alpha5/projects/p/metrics/timeseries/api/v1/query_range",
    })
    void answersEveryRouteByGetAndForm(String instantPath, String rangePath) {
        String instant = "query=requests_total";
        String range = instant + "&start=" + (NOW_S - 5) + "&end=" + NOW_S + "&step=5s";
        String vector = server.get("/api/v1/query?" + instant).body();
        String matrix = server.get("/api/v1/query_range?" + range).body();
        assertTrue(vector.contains("600"), vector);
        assertTrue(matrix.contains("590") && matrix.contains("\"matrix\""), matrix);
        assertEquals(vector, server.get(instantPath + "?" + instant).body());
        assertEquals(vector, server.postForm(instantPath, instant).body());
        assertEquals(matrix, server.get(rangePath + "?" + range).body());
        assertEquals(matrix, server.postForm(rangePath, range).body());
    }

    @Test
    void showsAProjectsPathOnlyThatProject() {
        String base = "/v1alpha5/projects/other/metrics/timeseries";
        assertTrue(server.get(base + "?query=requests_total").body().contains("\"result\":[]"));
        assertEquals(
                "{\"status\":\"success\",\"data\":[]}",
                server.get(base + "/api/v1/labels").body());
        assertEquals(
                403,
                server.get(base + "?query=requests_total", "X-Scope-OrgID", "p").statusCode());
        assertTrue(server.get("/api/v1/query?query=odd", "X-Scope-OrgID", "p")
                .body()
                .contains("\"result\":[]"));
    }

    private static void assertError(int status, String type, String message, HttpResponse<String> answer) {
        assertEquals(
                "{\"status\":\"error\",\"errorType\":\"" + type + "\",\"error\":\""
                        + message.replace("\\", "\\\\").replace("\"", "\\\"") + "\"}",
                answer.body());
        assertEquals(status, answer.statusCode());
    }

    @Test
    void federatesTheNewestSamplesAsText() {
        String base = "/v1alpha5/projects/p/metrics/timeseries/federate?match%5B%5D=";
        assertEquals(
                "# TYPE requests_total untyped\nrequests_total{job=\"a\",project_id=\"p\",instance=\"\"} 600 " + NOW_MS
                        + "\n",
                server.get(base + "requests_total").body());
        HttpResponse<String> two =
                server.get("/federate?match%5B%5D=native&match%5B%5D=" + encode("{\"dotted.name\"}"));
        assertEquals(
                "# TYPE dotted_name untyped\ndotted_name{a_b=\"ü\\\"\\\\\\n\",instance=\"\"} 1 " + NOW_MS + "\n"
                        + "# TYPE native histogram\nnative_bucket{instance=\"\",le=\"+Inf\"} 4 " + NOW_MS + "\n"
                        + "native_sum{instance=\"\"} 5.5 " + NOW_MS + "\nnative_count{instance=\"\"} 4 " + NOW_MS
                        + "\n",
                two.body());
        assertEquals(
                "text/plain; version=0.0.4; charset=utf-8; escaping=underscores",
                two.headers().firstValue("Content-Type").orElse(""));
        assertEquals("", server.get("/federate").body());
        assertEquals(400, server.get("/federate?match%5B%5D=x%7B").statusCode());
        assertEquals(405, server.postForm("/federate", "match[]=up").statusCode());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "rules|200|{\"groups\":[]}",
                "rules?type=alert|200|{\"groups\":[]}",
                "rules?type=foo|400|invalid parameter \\\"type\\\": not supported value \\\"foo\\\"",
                "alerts|200|{\"alerts\":[]}",
                "targets|200|{\"activeTargets\":[],\"droppedTargets\":[],\"droppedTargetCounts\":{}}",
                "scrape_pools|200|{\"scrapePools\":[]}",
                "alertmanagers|200|{\"activeAlertmanagers\":[],\"droppedAlertmanagers\":[]}",
                "notifications|200|[]",
                "query_exemplars?query=up|200|[]",
                "query_exemplars?query=up&start=3&end=2|400|end timestamp must not be before start timestamp",
                "query_exemplars?start=1&end=2|400|no expression found in input",
                "status/config|200|{\"yaml\":\"global: {}\\n\"}",
                "status/walreplay|200|{\"min\":0,\"max\":0,\"current\":0}",
                "status/flags|200|\"query.lookback-delta\":\"5m\",\"query.max-concurrency\":\"20\"",
                "status/runtimeinfo|200|\"storageRetention\":\"30d\"",
                "status/tsdb?limit=1|200|\"seriesCountByMetricName\":[{\"name\":\"odd\",\"value\":8}],\"labelValue",
                "status/tsdb?limit=0|400|limit must be a positive number",
                "status/nothing|404|404 page not found",
            })
    void answersTheRestAsPrometheusDoes(String path, int status, String part) {
        HttpResponse<String> answer = server.get("/api/v1/" + path);
        assertTrue(answer.body().contains(part), answer.body());
        assertEquals(status, answer.statusCode());
    }
}
