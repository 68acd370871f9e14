package dev.weir.ingest.scrape;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.configuration.WeirConfig;
import dev.weir.ingest.RawServer;
import dev.weir.ingest.TestServer;
import dev.weir.ingest.discovery.Discovery;
import dev.weir.ingest.discovery.Target;
import dev.weir.schemas.ScrapeOutcome;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScraperTest {
    private static final String BODY = "# TYPE a counter\na 1\n";
    private static final String TEXT = "text/plain; version=0.0.4";

    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final ByteBudget budget = new ByteBudget(1 << 20);
    private TestServer server;

    @TempDir
    private Path folder;

    @BeforeEach
    void start() throws IOException {
        server = new TestServer();
    }

    @AfterEach
    void stop() {
        server.close();
        timer.shutdownNow();
    }

    @Test
    void bodyIsKeptAsReceivedWithItsTypeAndDate() throws Exception {
        server.serve("/metrics", TEXT, BODY);
        ScrapeResult result = scrape(server.address(), "");
        assertEquals(ScrapeOutcome.BODY, result.outcome(), result.error());
        assertNull(result.error());
        assertEquals(BODY, text(result));
        assertEquals(TEXT, result.contentType());
        assertEquals("", result.contentEncoding());
        assertNotNull(result.targetDateMs());
        assertEquals(0, result.targetDateMs() % 1000);
        assertTrue(result.endMs() >= result.startMs());
        assertEquals(BODY.length(), budget.heldBytes(), "the body is paid until it is taken");
    }

    @Test
    void gzipBodyStaysPacked() throws Exception {
        byte[] packed = TestServer.gzip(BODY.getBytes(StandardCharsets.UTF_8));
        serveGzip(packed);
        ScrapeResult result = scrape(server.address(), "");
        assertEquals(ScrapeOutcome.BODY, result.outcome(), result.error());
        assertEquals("gzip", result.contentEncoding());
        assertArrayEquals(packed, bytes(result));
    }

    @Test
    void requestCarriesPrometheusHeadersAndParameters() throws Exception {
        Map<String, String> seen = new ConcurrentHashMap<>();
        server.handle("/custom", exchange -> {
            exchange.getRequestHeaders().forEach((name, values) -> seen.put(name, values.get(0)));
            seen.put("query", exchange.getRequestURI().getRawQuery());
            exchange.sendResponseHeaders(200, -1);
        });
        ScrapeResult result = scrape(
                server.address(), "metrics_path: /custom\n    params: {'name[]': [ts_requests, 'b c'], z: ['1']}");
        assertEquals(ScrapeOutcome.BODY, result.outcome(), result.error());
        assertEquals("name%5B%5D=ts_requests&name%5B%5D=b+c&z=1", seen.get("query"));
        assertEquals("5.0", seen.get("X-prometheus-scrape-timeout-seconds"));
        assertEquals("gzip", seen.get("Accept-encoding"));
        assertTrue(seen.getOrDefault("Accept", "").startsWith("application/openmetrics-text;version=1.0.0"));
        assertTrue(seen.getOrDefault("User-agent", "").matches("Weir/[0-9].*"), seen.get("User-agent"));
        assertNull(seen.get("Upgrade"), "HTTP/2 is not proposed");
        assertNull(seen.get("Authorization"));
    }

    @Test
    void asksForProtobufFirstWhereTheJobWantsNativeHistograms() throws Exception {
        Map<String, String> seen = new ConcurrentHashMap<>();
        String contentType = "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily";
        server.handle("/metrics", exchange -> {
            seen.put("Accept", exchange.getRequestHeaders().getFirst("Accept"));
            exchange.getResponseHeaders().set("Content-Type", contentType);
            exchange.sendResponseHeaders(200, -1);
        });
        ScrapeResult result = scrape(server.address(), "scrape_native_histograms: true");
        assertEquals(
                "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited;q=0.6,"
                        + "application/openmetrics-text;version=1.0.0;q=0.5,"
                        + "application/openmetrics-text;version=0.0.1;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2",
                seen.get("Accept"));
        assertEquals(contentType, result.contentType());
    }

    @Test
    void contentTypeThatIsNoneFailsTheScrape() throws Exception {
        server.serve("/metrics", "text/" + "x".repeat(Attempt.MAX_CONTENT_TYPE_CHARS), BODY);
        assertFailed("content type of 517 characters (expected: at most 512)", scrape(server.address(), ""));
    }

    @Test
    void nobodyListensIsRefused() throws Exception {
        ScrapeResult result = scrape("127.0.0.1:" + closedPort(), "");
        assertEquals(ScrapeOutcome.REFUSED, result.outcome(), result.error());
        assertEquals("connection refused", result.error());
    }

    @Test
    void refusalBehindARedirectIsNoRefusal() throws Exception {
        redirect("/metrics", "http://127.0.0.1:" + closedPort() + "/");
        ScrapeResult result = scrape(server.address(), "");
        assertEquals(ScrapeOutcome.FAILED, result.outcome(), result.error());
        assertTrue(String.valueOf(result.error()).endsWith(": connection refused"), result.error());
    }

    @Test
    void targetThatGoesAwayIsRefusedThoughItsConnectionWasKept() throws Exception {
        TestServer leaving = new TestServer();
        leaving.serve("/metrics", TEXT, BODY);
        WeirConfig config = config(leaving.address(), "");
        Target target = new Discovery(config).look().targets().get(0);
        try (Scraper scraper = new Scraper(config.scrapeConfigs(), budget, timer, Clock.systemUTC())) {
            assertEquals(
                    ScrapeOutcome.BODY,
                    scraper.scrape(target).get(30, TimeUnit.SECONDS).outcome());
            leaving.close();
            ScrapeResult result = scraper.scrape(target).get(30, TimeUnit.SECONDS);
            assertEquals(ScrapeOutcome.REFUSED, result.outcome(), result.error());
        }
    }

    @Test
    void unknownHostIsNoRefusal() throws Exception {
        // What a resolver answers, and when, is its own affair.
        ScrapeOutcome outcome = scrape("no-such-host.invalid:80", "").outcome();
        assertTrue(outcome == ScrapeOutcome.FAILED || outcome == ScrapeOutcome.TIMED_OUT, outcome.toString());
    }

    @Test
    void silentTargetTimesOut() throws Exception {
        try (RawServer silent = new RawServer(out -> Thread.currentThread().join())) {
            ScrapeResult result = scrape(silent.address(), "scrape_timeout: 200ms");
            assertEquals(ScrapeOutcome.TIMED_OUT, result.outcome(), result.error());
            assertEquals("no complete answer in 200 ms", result.error());
        }
    }

    @Test
    void endlessBodyEndsAtTheTimeout() throws Exception {
        try (RawServer endless = new RawServer(out -> {
            head(out, "");
            while (true) {
                out.write('\n');
                out.flush();
                TimeUnit.MILLISECONDS.sleep(1);
            }
        })) {
            ScrapeResult result = scrape(endless.address(), "scrape_timeout: 300ms");
            assertEquals(ScrapeOutcome.TIMED_OUT, result.outcome(), result.error());
            assertEquals(0, budget.heldBytes());
        }
    }

    @Test
    void endlessBodyEndsAtItsLimit() throws Exception {
        byte[] chunk = new byte[4096];
        try (RawServer endless = new RawServer(out -> {
            head(out, "");
            while (true) {
                out.write(chunk);
            }
        })) {
            ScrapeResult result = scrape(endless.address(), "body_size_limit: 100KB");
            assertFailed("body too large (body_size_limit: 102400 bytes, decompressed)", result);
        }
    }

    @Test
    void announcedSizeBeyondTheLimitIsNotRead() throws Exception {
        server.serve("/metrics", TEXT, "x".repeat(2000));
        assertFailed(
                "body too large (body_size_limit: 1024 bytes, decompressed)",
                scrape(server.address(), "body_size_limit: 1KB"));
    }

    @Test
    void bodiesBeyondTheSharedBudgetFail() throws Exception {
        server.serve("/metrics", TEXT, "x".repeat(2 << 20));
        assertFailed("no memory left for bodies (limit: 1048576 bytes at once)", scrape(server.address(), ""));
    }

    @Test
    void gzipBombEndsAtTheLimit() throws Exception {
        serveGzip(TestServer.gzip(new byte[8 << 20]));
        assertFailed(
                "body too large (body_size_limit: 1048576 bytes, decompressed)",
                scrape(server.address(), "body_size_limit: 1MB"));
    }

    @Test
    void truncatedGzipFails() throws Exception {
        byte[] packed = TestServer.gzip("a 1\n".repeat(1000).getBytes(StandardCharsets.UTF_8));
        serveGzip(Arrays.copyOf(packed, packed.length - 9));
        assertFailed("truncated gzip body of " + (packed.length - 9) + " bytes", scrape(server.address(), ""));
    }

    @Test
    void damagedGzipFails() throws Exception {
        serveGzip("no gzip at all".getBytes(StandardCharsets.UTF_8));
        ScrapeResult result = scrape(server.address(), "");
        assertEquals(ScrapeOutcome.FAILED, result.outcome());
        assertTrue(String.valueOf(result.error()).startsWith("damaged gzip body"), result.error());
    }

    @Test
    void bodyShorterThanAnnouncedFails() throws Exception {
        try (RawServer truncating = new RawServer(out -> {
            head(out, "Content-Length: 100\r\n");
            out.write("a 1\n".getBytes(StandardCharsets.UTF_8));
            out.flush();
        })) {
            ScrapeResult result = scrape(truncating.address(), "");
            assertEquals(ScrapeOutcome.FAILED, result.outcome());
            assertEquals(0, budget.heldBytes());
        }
    }

    @Test
    void unknownEncodingFails() throws Exception {
        server.handle("/metrics", exchange -> {
            exchange.getResponseHeaders().set("Content-Encoding", "br");
            exchange.sendResponseHeaders(200, 3);
            exchange.getResponseBody().write(new byte[3]);
            exchange.close();
        });
        assertFailed("content encoding \"br\" (expected: gzip or none)", scrape(server.address(), ""));
    }

    @Test
    void serverErrorFailsWithItsStatus() throws Exception {
        server.handle("/metrics", exchange -> {
            exchange.sendResponseHeaders(500, 4);
            exchange.getResponseBody().write(new byte[4]);
            exchange.close();
        });
        assertFailed("status 500 (expected: 200)", scrape(server.address(), ""));
    }

    @Test
    void endlessErrorPageDoesNotWaitForTheTimeout() throws Exception {
        try (RawServer endless = new RawServer(out -> {
            out.write("HTTP/1.1 503 Busy\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            while (true) {
                out.write(new byte[4096]);
            }
        })) {
            assertFailed("status 503 (expected: 200)", scrape(endless.address(), ""));
        }
    }

    @Test
    void endlessHeadersEndBeforeTheyFillTheMemory() throws Exception {
        byte[] header = ("X-Filler: " + "x".repeat(4000) + "\r\n").getBytes(StandardCharsets.US_ASCII);
        try (RawServer endless = new RawServer(out -> {
            out.write("HTTP/1.1 200 OK\r\n".getBytes(StandardCharsets.US_ASCII));
            while (true) {
                out.write(header);
            }
        })) {
            assertEquals(ScrapeOutcome.FAILED, scrape(endless.address(), "").outcome());
        }
    }

    @Test
    void nonHttpAnswerFails() throws Exception {
        try (RawServer ssh = new RawServer(out -> out.write("SSH-2.0-x\r\n".getBytes(StandardCharsets.US_ASCII)))) {
            assertEquals(ScrapeOutcome.FAILED, scrape(ssh.address(), "").outcome());
        }
    }

    @Test
    void htmlIsABodyForTheParserToRefuse() throws Exception {
        server.serve("/metrics", "text/html", "<html></html>");
        ScrapeResult result = scrape(server.address(), "");
        assertEquals(ScrapeOutcome.BODY, result.outcome());
        assertEquals("text/html", result.contentType());
    }

    @Test
    void redirectsAreFollowedWithoutCredentialsForOthers() throws Exception {
        Map<String, String> seen = new ConcurrentHashMap<>();
        try (TestServer other = new TestServer()) {
            other.handle("/there", exchange -> {
                exchange.getRequestHeaders().forEach((name, values) -> seen.put(name, values.get(0)));
                exchange.sendResponseHeaders(200, -1);
            });
            redirect("/metrics", "/second");
            redirect("/second", "http://" + other.address() + "/there");
            ScrapeResult result = scrape(server.address(), "bearer_token: top");
            assertEquals(ScrapeOutcome.BODY, result.outcome(), result.error());
            assertNull(seen.get("Authorization"));
        }
    }

    @Test
    void redirectLoopEnds() throws Exception {
        redirect("/metrics", "/metrics");
        assertFailed("more than 10 redirects", scrape(server.address(), ""));
    }

    @Test
    void redirectIsAFailureWhereNotFollowed() throws Exception {
        redirect("/metrics", "/second");
        assertFailed("status 302 (expected: 200)", scrape(server.address(), "follow_redirects: false"));
    }

    @Test
    void basicAuthReadsItsPasswordFile() throws Exception {
        Files.writeString(folder.resolve("password"), "open sesame\n");
        assertEquals(
                "Basic YWxpOm9wZW4gc2VzYW1l",
                authorizationSent("basic_auth: {username: ali, password_file: " + folder.resolve("password") + "}"));
    }

    @Test
    void oneScraperSendsATokenAsItIsInItsFileNow() throws Exception {
        List<String> sent = new CopyOnWriteArrayList<>();
        server.handle("/metrics", exchange -> {
            sent.add(exchange.getRequestHeaders().getFirst("Authorization"));
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        Path file = Files.writeString(folder.resolve("token"), "first\n");
        for (String key : List.of("authorization: {credentials_file: %s}", "bearer_token_file: %s")) {
            WeirConfig config = config(server.address(), key.formatted(file));
            Target target = new Discovery(config).look().targets().get(0);
            try (Scraper scraper = new Scraper(config.scrapeConfigs(), budget, timer, Clock.systemUTC())) {
                scraper.scrape(target).get(30, TimeUnit.SECONDS);
                Files.writeString(file, "rotated");
                scraper.scrape(target).get(30, TimeUnit.SECONDS);
            }
            Files.writeString(file, "first");
        }
        assertEquals(List.of("Bearer first", "Bearer rotated", "Bearer first", "Bearer rotated"), sent);
    }

    @Test
    void missingCredentialsFileFailsTheScrapeOnly() throws Exception {
        ScrapeResult result = scrape(server.address(), "bearer_token_file: " + folder.resolve("none"));
        assertEquals(ScrapeOutcome.FAILED, result.outcome());
        assertTrue(String.valueOf(result.error()).contains("none"), result.error());
    }

    @Test
    void unknownJobFails() throws Exception {
        WeirConfig config = config(server.address(), "");
        try (Scraper scraper = new Scraper(List.of(), budget, timer, Clock.systemUTC())) {
            ScrapeResult result = scraper.scrape(
                            new Discovery(config).look().targets().get(0))
                    .get(10, TimeUnit.SECONDS);
            assertFailed("no scrape configuration of job j", result);
        }
    }

    private String authorizationSent(String yaml) throws Exception {
        Map<String, String> seen = new ConcurrentHashMap<>();
        try (TestServer guarded = new TestServer()) {
            guarded.handle("/metrics", exchange -> {
                seen.put("Authorization", exchange.getRequestHeaders().getFirst("Authorization"));
                exchange.sendResponseHeaders(200, -1);
            });
            assertEquals(ScrapeOutcome.BODY, scrape(guarded.address(), yaml).outcome());
        }
        return seen.getOrDefault("Authorization", "none");
    }

    private static int closedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private void redirect(String from, String to) {
        server.handle(from, exchange -> {
            exchange.getResponseHeaders().set("Location", to);
            exchange.sendResponseHeaders(302, -1);
        });
    }

    private void serveGzip(byte[] packed) {
        server.handle("/metrics", exchange -> {
            exchange.getResponseHeaders().set("Content-Encoding", "gzip");
            exchange.sendResponseHeaders(200, packed.length);
            exchange.getResponseBody().write(packed);
            exchange.close();
        });
    }

    private static void head(OutputStream out, String header) throws IOException {
        out.write(("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n" + header + "\r\n")
                .getBytes(StandardCharsets.US_ASCII));
    }

    private ScrapeResult scrape(String address, String yaml) throws Exception {
        WeirConfig config = config(address, yaml);
        try (Scraper scraper = new Scraper(config.scrapeConfigs(), budget, timer, Clock.systemUTC())) {
            return scraper.scrape(new Discovery(config).look().targets().get(0)).get(30, TimeUnit.SECONDS);
        }
    }

    private static WeirConfig config(String address, String yaml) {
        return WeirConfig.parse(
                "global: {scrape_interval: 10s, scrape_timeout: 5s}\nscrape_configs:\n"
                        + "  - job_name: j\n    static_configs: [{targets: ['" + address + "']}]\n"
                        + (yaml.isEmpty() ? "" : "    " + yaml + "\n"),
                "weir.yml");
    }

    private void assertFailed(String error, ScrapeResult result) {
        assertEquals(ScrapeOutcome.FAILED, result.outcome(), result.error());
        assertEquals(error, result.error());
        assertEquals(0, bytes(result).length);
        assertEquals(0, budget.heldBytes());
        assertTrue(Instant.ofEpochMilli(result.endMs()).isAfter(Instant.EPOCH));
    }

    private static String text(ScrapeResult result) {
        return new String(bytes(result), StandardCharsets.UTF_8);
    }

    private static byte[] bytes(ScrapeResult result) {
        ByteBuffer body = result.body().duplicate();
        byte[] bytes = new byte[body.remaining()];
        body.get(bytes);
        return bytes;
    }
}
