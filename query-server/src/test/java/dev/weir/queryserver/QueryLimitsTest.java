package dev.weir.queryserver;

import static dev.weir.queryserver.RunningServer.NOW_MS;
import static dev.weir.queryserver.RunningServer.encode;
import static dev.weir.queryserver.RunningServer.samples;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.weir.queryserver.api.QueryLimits;
import dev.weir.series.Labels;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SuppressWarnings("NullAway.Init")
class QueryLimitsTest {
    @TempDir
    Path directory;

    @Test
    void queryMaySelectSoManySeriesOverAllItsSelectorsAndNoMore() throws IOException {
        try (RunningServer server = start(3, 11_000)) {
            write(server);
            assertEquals(200, query(server, "a").statusCode());
            assertError(
                    422,
                    "execution",
                    "query selects 4 series or more (expected: at most maxSeries = 3)",
                    query(server, "a or b"));
            assertError(
                    422,
                    "execution",
                    "query selects 4 series or more (expected: at most maxSeries = 3)",
                    server.get("/api/v1/query_range?start=" + NOW_MS / 1000 + "&end=" + NOW_MS / 1000 + "&step=1&query="
                            + encode("sum(rate({job=\"j\"}[5m]))")));
            assertEquals(200, query(server, "a").statusCode(), "each query counts anew");
        }
    }

    @Test
    void rangeQueryMayHaveSoManyPointsAndNoMore() throws IOException {
        try (RunningServer server = start(3, 10)) {
            assertEquals(200, range(server, 10).statusCode());
            assertError(
                    400,
                    "bad_data",
                    "exceeded maximum resolution of 10 points per timeseries. Try decreasing the query resolution"
                            + " (?step=XX) (expected: at most maxPoints = 10)",
                    range(server, 11));
        }
    }

    @Test
    void morePointsThanPrometheusAllowsCanBeAllowed() throws IOException {
        try (RunningServer server = start(3, 12_000)) {
            assertEquals(200, range(server, 12_000).statusCode());
            assertEquals(400, range(server, 12_001).statusCode());
        }
    }

    @Test
    void limitsArePositive() {
        assertThrows(IllegalArgumentException.class, () -> limits(0, 1));
        assertThrows(IllegalArgumentException.class, () -> limits(1, 0));
    }

    private RunningServer start(int maxSeries, int maxPoints) throws IOException {
        return RunningServer.start(RunningServer.options(directory).withQueryLimits(limits(maxSeries, maxPoints)));
    }

    private static QueryLimits limits(int maxSeries, int maxPoints) {
        return new QueryLimits(Duration.ofMinutes(2), 20, 50_000_000, maxSeries, maxPoints, Duration.ofMinutes(5));
    }

    private static void write(RunningServer server) {
        assertEquals(
                204,
                server.write(samples(
                                NOW_MS,
                                1,
                                Labels.of("__name__", "a", "job", "j", "i", "1"),
                                Labels.of("__name__", "a", "job", "j", "i", "2"),
                                Labels.of("__name__", "a", "job", "j", "i", "3"),
                                Labels.of("__name__", "b", "job", "j")))
                        .statusCode());
    }

    private static HttpResponse<String> query(RunningServer server, String query) {
        return server.get("/api/v1/query?query=" + encode(query));
    }

    private static HttpResponse<String> range(RunningServer server, int seconds) {
        return server.get("/api/v1/query_range?query=1&start=0&end=" + seconds + "&step=1");
    }

    private static void assertError(int status, String type, String message, HttpResponse<String> answer) {
        assertEquals(
                "{\"status\":\"error\",\"errorType\":\"" + type + "\",\"error\":\"" + message + "\"}", answer.body());
        assertEquals(status, answer.statusCode());
    }
}
