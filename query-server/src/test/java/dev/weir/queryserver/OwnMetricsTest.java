package dev.weir.queryserver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.queryserver.http.CrossOrigin;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The server's own metrics, where they are told, and whom browsers let read the answers. */
class OwnMetricsTest {
    private static final String PIPELINE = "# TYPE weir_windows_total counter\nweir_windows_total{job=\"a\"} 5\n";

    @TempDir
    Path directory;

    @Test
    void tellsTheFamiliesThatAreAskedFor() throws IOException {
        WebOptions web = WebOptions.DEFAULT.withMetrics(new WebOptions.Metrics(true, null, () -> PIPELINE));
        try (RunningServer server =
                RunningServer.start(RunningServer.options(directory).withWeb(web))) {
            assertTrue(server.get("/metrics").body().endsWith(PIPELINE));
            assertEquals(
                    PIPELINE,
                    server.get("/metrics?name%5B%5D=weir_windows_total").body());
            String two = server.get("/metrics?name%5B%5D=weir_windows_total&name%5B%5D=weir_query_server_chunk_bytes")
                    .body();
            assertTrue(two.startsWith("# HELP weir_query_server_chunk_bytes "), two);
            assertEquals(2, two.split("# TYPE", -1).length - 1);
            String part = server.get("/metrics?name%5B%5D=weir_query_server_request_duration_seconds_count")
                    .body();
            assertTrue(part.startsWith("# HELP weir_query_server_request_duration_seconds "), part);
            assertFalse(part.contains("_bucket"), part);
            assertEquals("", server.get("/metrics?name%5B%5D=nothing").body());
            assertFalse(server.get("/metrics", "X-Scope-OrgID", "a").body().contains("weir_windows_total"));
        }
    }

    @Test
    void tellsThemAtAnAddressOfTheirOwnOrNot() throws IOException, InterruptedException {
        InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        QueryServerOptions options = RunningServer.options(directory)
                .withWeb(WebOptions.DEFAULT.withMetrics(new WebOptions.Metrics(true, any, () -> PIPELINE)));
        try (QueryServer server = QueryServer.start(options)) {
            InetSocketAddress address = server.metricsAddress();
            assertNotNull(address);
            assertTrue(get(address, "/metrics").body().endsWith(PIPELINE));
            assertEquals(404, get(address, "/api/v1/query?query=1").statusCode());
            assertEquals(404, get(server.address(), "/metrics").statusCode());
        }
        QueryServerOptions off = RunningServer.options(directory)
                .withWeb(WebOptions.DEFAULT.withMetrics(new WebOptions.Metrics(false, null, () -> PIPELINE)));
        try (QueryServer server = QueryServer.start(off)) {
            assertEquals(404, get(server.address(), "/metrics").statusCode());
        }
    }

    @Test
    void onlyPagesOfNamedOriginsMayReadAnswers() throws IOException {
        WebOptions web = WebOptions.DEFAULT.withCrossOrigin(CrossOrigin.of("https?://.*\\.example"));
        try (RunningServer closed = RunningServer.start(RunningServer.options(directory.resolve("closed")));
                RunningServer open = RunningServer.start(
                        RunningServer.options(directory.resolve("open")).withWeb(web))) {
            String path = "/api/v1/query?query=1";
            String header = "Access-Control-Allow-Origin";
            assertTrue(closed.get(path, "Origin", "http://a.example")
                    .headers()
                    .firstValue(header)
                    .isEmpty());
            assertEquals(
                    "http://a.example",
                    open.get(path, "Origin", "http://a.example")
                            .headers()
                            .firstValue(header)
                            .orElse(""));
            assertTrue(open.get(path, "Origin", "http://a.example.evil")
                    .headers()
                    .firstValue(header)
                    .isEmpty());
            assertTrue(open.get(path).headers().allValues("Vary").contains("Origin"));
            assertEquals(204, open.send("OPTIONS", path).statusCode());
        }
    }

    private static HttpResponse<String> get(InetSocketAddress address, String path)
            throws IOException, InterruptedException {
        URI uri = URI.create("http://127.0.0.1:" + address.getPort() + path);
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    }
}
