package dev.weir.queryserver;

import static dev.weir.queryserver.RunningServer.NOW_MS;
import static dev.weir.queryserver.RunningServer.encode;
import static dev.weir.queryserver.RunningServer.samples;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.queryserver.limit.ProjectLimits;
import dev.weir.series.Labels;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Limits of one project, which others do not feel. */
@SuppressWarnings("NullAway.Init")
class ProjectLimitsTest {
    private static final ProjectLimits SMALL = new ProjectLimits(Duration.ofSeconds(1), 1, 1000, 2, 10, 1, 3);

    @TempDir
    Path directory;

    private RunningServer server;

    @BeforeEach
    void start() throws IOException {
        server = RunningServer.start(RunningServer.options(directory)
                .withProjectLimits(new ProjectLimits.Table(ProjectLimits.DEFAULT, Map.of("small", SMALL))));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void projectHasSoManySeriesAndNoMore() {
        assertEquals(204, write("small", 0, series(1), series(2), series(3)).statusCode());
        HttpResponse<String> fourth = write("small", 1, series(1), series(4));
        assertTrue(fourth.body().contains("at most maxActiveSeries = 3 of project \"small\""), fourth.body());
        assertEquals(429, fourth.statusCode());
        assertEquals("30", fourth.headers().firstValue("Retry-After").orElse(""));
        assertEquals(
                204,
                write("large", 1, series(1), series(2), series(3), series(4)).statusCode());
        assertEquals(204, write("small", 1, series(1)).statusCode());
    }

    @Test
    void projectSendsSoManySamplesASecondAndNoMore() {
        Labels[] twenty = new Labels[20];
        for (int i = 0; i < twenty.length; i++) {
            twenty[i] = series(i % 3);
        }
        assertEquals(204, write("small", 0, twenty).statusCode());
        HttpResponse<String> more = write("small", 1, series(1));
        assertTrue(more.body().contains("project \"small\" sends too many samples"), more.body());
        assertEquals(429, more.statusCode());
        int seconds = Integer.parseInt(more.headers().firstValue("Retry-After").orElse("0"));
        assertTrue(seconds >= 8 && seconds <= 10, seconds + " s");
        assertEquals(204, write("large", 0, twenty).statusCode());
    }

    @Test
    void projectsQueriesHaveLimitsOfTheirOwn() {
        assertEquals(204, write("small", 0, series(1), series(2), series(3)).statusCode());
        assertEquals(204, write("large", 0, series(1), series(2), series(3)).statusCode());
        assertTrue(ask("small", "query", "m").body().contains("at most maxSeries = 2"));
        assertEquals(200, ask("large", "query", "m").statusCode());
        HttpResponse<String> points = ask("small", "query_range", "1&start=0&end=11&step=1");
        assertTrue(points.body().contains("at most maxPoints = 10"), points.body());
        assertEquals(200, ask("large", "query_range", "1&start=0&end=11&step=1").statusCode());
        String heavy = encode("count_values(\"v\", vector(1)) or sum_over_time(vector(1)[1h:1s])");
        HttpResponse<String> tooMany = ask("small", "query", heavy);
        assertEquals(422, tooMany.statusCode(), tooMany.body());
        assertEquals(200, ask("large", "query", heavy).statusCode());
    }

    private HttpResponse<String> ask(String project, String endpoint, String query) {
        return server.get("/api/v1/" + endpoint + "?query=" + query, "X-Scope-OrgID", project);
    }

    private HttpResponse<String> write(String project, long afterMs, Labels... series) {
        return server.write(samples(NOW_MS + afterMs, 1, series), "X-Scope-OrgID", project);
    }

    private static Labels series(int i) {
        return Labels.of("__name__", "m", "i", Integer.toString(i));
    }
}
