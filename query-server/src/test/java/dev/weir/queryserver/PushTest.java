package dev.weir.queryserver;

import static dev.weir.queryserver.RunningServer.NOW_MS;
import static dev.weir.queryserver.RunningServer.NOW_S;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.queryserver.intake.EventSink;
import dev.weir.queryserver.intake.Intake;
import dev.weir.queryserver.intake.PushLimits;
import dev.weir.queryserver.limit.ProjectLimits;
import dev.weir.queryserver.token.TokenOptions;
import dev.weir.queryserver.token.TokenScope;
import dev.weir.queryserver.token.Tokens;
import dev.weir.schemas.RequestEvent;
import dev.weir.schemas.RequestStatus;
import dev.weir.schemas.ScrapeEvent;
import dev.weir.schemas.ScrapeOutcome;
import dev.weir.schemas.Vantage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is pushed reaches the sink whole or is refused by name, and is acknowledged only once the sink has it. */
@SuppressWarnings("NullAway.Init")
class PushTest {
    private static final String PAGE = "# TYPE requests_total counter\nrequests_total{model=\"m\"} 7\n";
    private static final String TARGET = "/api/v1/scrapes?job=vllm&instance=10.0.0.1:8000";
    private static final String[] TEXT = {"Content-Type", "text/plain; version=0.0.4"};

    @TempDir
    static Path directory;

    private static final FakeSink SINK = new FakeSink();
    private static RunningServer common;
    private RunningServer server = common;

    /** Keeps what is written, and answers as the test says. */
    private static final class FakeSink implements EventSink {
        final List<SpecificRecord> written = new CopyOnWriteArrayList<>();
        volatile Supplier<CompletableFuture<?>> answer = () -> CompletableFuture.completedFuture(null);

        @Override
        public CompletableFuture<?> write(ScrapeEvent event) {
            written.add(event);
            return answer.get();
        }

        @Override
        public CompletableFuture<?> write(RequestEvent event) {
            written.add(event);
            return answer.get();
        }
    }

    @BeforeAll
    static void startCommon() throws IOException {
        common = RunningServer.start(options("common"));
    }

    @AfterAll
    static void stopCommon() {
        common.close();
    }

    @BeforeEach
    void forget() {
        SINK.written.clear();
        SINK.answer = () -> CompletableFuture.completedFuture(null);
    }

    @AfterEach
    void stop() {
        if (server != common) {
            server.close();
        }
    }

    private static QueryServerOptions options(String store) {
        return RunningServer.options(directory.resolve(store)).withIntake(intake(PushLimits.DEFAULT));
    }

    private static Intake intake(PushLimits limits) {
        return new Intake(SINK, "default", NOW_MS - 60_000, Duration.ofSeconds(30), limits);
    }

    @Test
    void takesAPageAsTheScrapeOfItsTarget() {
        HttpResponse<String> response = push(
                TARGET + "&final=true&interval=30s&at=" + (NOW_S - 2) + ".5&label.pipeline_name=chat&scraper=pod-1",
                PAGE);
        assertEquals(204, response.statusCode(), response.body());
        assertEquals(
                List.of(ScrapeEvent.newBuilder()
                        .setProject("default")
                        .setJob("vllm")
                        .setTargetUrl("http://10.0.0.1:8000/metrics")
                        .setLabels(Map.of("job", "vllm", "instance", "10.0.0.1:8000", "pipeline_name", "chat"))
                        .setScraperId("pod-1")
                        .setRequestStartMs(NOW_MS - 1_500)
                        .setRequestEndMs(NOW_MS - 1_500)
                        .setIntervalMs(30_000)
                        .setWatchedSinceMs(NOW_MS - 60_000)
                        .setOutcome(ScrapeOutcome.BODY)
                        .setContentType("text/plain; version=0.0.4")
                        .setBody(ByteBuffer.wrap(PAGE.getBytes(StandardCharsets.UTF_8)))
                        .setLastWord(true)
                        .build()),
                SINK.written);
    }

    @Test
    void takesWhatCurlCallsAFormAndWhatIsZipped() throws IOException {
        assertEquals(204, server.postForm(TARGET, PAGE).statusCode());
        HttpResponse<String> zipped =
                server.post(TARGET, gzip(PAGE), "Content-Encoding", "gzip", "Content-Type", "text/plain");
        assertEquals(204, zipped.statusCode(), zipped.body());
        ScrapeEvent first = (ScrapeEvent) SINK.written.get(0);
        ScrapeEvent second = (ScrapeEvent) SINK.written.get(1);
        assertEquals("text/plain; version=0.0.4", first.getContentType());
        assertEquals("gzip", second.getContentEncoding());
        assertFalse(first.getLastWord());
        assertTrue(first.getRequestStartMs() < second.getRequestStartMs(), "the later one is the newer one");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "instance=a:1 | invalid parameter \"job\": missing (expected: the job of the target, as scrape_configs name it)",
                "job=j | invalid parameter \"instance\": missing (expected: host:port of the target, unless url is given)",
                "job=j&instance=a:1&pod=x | invalid parameter \"pod\": unknown (expected: job, instance, url, final, at,"
                        + " interval, scraper or label.NAME)",
                "job=j&instance=a:1&final=1 | invalid parameter \"final\": \"1\" (expected: true or false)",
                "job=j&instance=a:1&interval=0s | invalid parameter \"interval\": \"0s\" (expected: a duration such as 15s,"
                        + " at most 24h)",
                "job=j&instance=a:1&at=yesterday | invalid parameter \"at\": \"yesterday\" (expected: seconds since 1970)",
                "job=j&instance=a:1&at=5 | invalid parameter \"at\": 5 (expected: within an hour of 1772366400)",
                "job=j&url=ftp://a/metrics | invalid parameter \"url\": \"ftp://a/metrics\" (expected: of the form"
                        + " http://10.0.0.1:8000/metrics)",
                "job=j&instance=a:1&label.__name__=x | label \"__name__\" (expected: letters, digits and underscores, no"
                        + " digit first, not two underscores first)",
                "job=j%0A&instance=a:1 | job: \"j?\" (expected: 1 to 65536 characters, none of them a control character)",
            })
    void refusesParametersByName(String query, String message) {
        refused(400, message, push("/api/v1/scrapes?" + query, PAGE));
    }

    @Test
    void refusesBodiesThatAreNoPage() throws IOException {
        refused(400, "body: empty (expected: a /metrics page)", push(TARGET, ""));
        refused(400, "body: no sample in 5 bytes (expected: a /metrics page)", push(TARGET, "# hi\n"));
        HttpResponse<String> html = push(TARGET, "<html>Not Found</html>\n");
        assertEquals(400, html.statusCode());
        assertTrue(html.body().contains("(expected: a /metrics page)"), html::body);
        HttpResponse<String> damaged = server.post(TARGET, new byte[] {1, 2, 3}, "Content-Encoding", "gzip");
        refused(400, "body: damaged gzip: Not in GZIP format", damaged);
        refused(
                400,
                "Content-Encoding: \"zstd\" (expected: none, or gzip)",
                server.post(TARGET, new byte[] {1}, "Content-Encoding", "zstd"));
        HttpResponse<String> bomb = server.post(TARGET, gzip("#".repeat(65 << 20)), "Content-Encoding", "gzip");
        refused(413, "maxUnpackedBytes = 67108864", bomb);
        HttpResponse<String> large = server.post(TARGET, new byte[(16 << 20) + 1], TEXT);
        refused(413, "request body too large (expected: at most maxPushedPageBytes = 16777216)", large);
        assertTrue(SINK.written.isEmpty());
    }

    @Test
    void readsNoFurtherThanItsLimits() throws IOException {
        server = RunningServer.start(RunningServer.options(directory.resolve("limited"))
                .withIntake(intake(new PushLimits(2, 1, 1, 100, 90, 3, 400, 2))));
        assertEquals(204, push(TARGET, "a 1\nb 2\nc 3\n").statusCode());
        refused(
                413,
                "body: too many samples (expected: at most maxSamples = 3)",
                push(TARGET, "a 1\nb 2\nc 3\nd 4\nand what is no page"));
        refused(413, "(expected: at most maxPushedPageBytes = 100)", push(TARGET, "#".repeat(101)));
        refused(
                413,
                "(expected: at most maxUnpackedBytes = 90)",
                server.post(TARGET, gzip("#".repeat(91)), "Content-Encoding", "gzip"));
        String event = "{\"request_id\":\"r\",\"model\":\"m\",\"vantage\":\"ENGINE\",\"status\":\"OK\",\"start_ms\":1,"
                + "\"end_ms\":2}\n";
        assertEquals(204, json(event.repeat(2)).statusCode());
        refused(413, "more than 2 events (expected: at most maxEvents = 2)", json(event.repeat(3)));
        refused(413, "(expected: at most maxPushedRequestsBytes = 400)", json(" ".repeat(401)));
    }

    @Test
    void takesRequestsAsAnObjectAnArrayOrLines() {
        String one =
                "{\"request_id\":\"r1\",\"model\":\"m\",\"vantage\":\"GATEWAY\",\"status\":\"OK\",\"start_ms\":1000,"
                        + "\"end_ms\":3500,\"time_to_first_token_seconds\":0.25,\"output_token_times_seconds\":[0.25,1],"
                        + "\"input_tokens\":12,\"output_tokens\":null}";
        assertEquals(204, json(one).statusCode());
        assertEquals(204, json("[" + one + "," + one.replace("r1", "r2") + "]").statusCode());
        assertEquals(
                204,
                json(one.replace("r1", "r3") + "\n" + one.replace("r1", "r4") + "\n")
                        .statusCode());
        RequestEvent event = RequestEvent.newBuilder()
                .setRequestId("r1")
                .setProject("default")
                .setModel("m")
                .setVantage(Vantage.GATEWAY)
                .setStatus(RequestStatus.OK)
                .setStartMs(1000)
                .setEndMs(3500)
                .setTimeToFirstTokenSeconds(0.25)
                .setOutputTokenTimesSeconds(List.of(0.25, 1.0))
                .setInputTokens(12L)
                .build();
        assertEquals(event, SINK.written.get(0));
        assertEquals(
                List.of("r1", "r1", "r2", "r3", "r4"),
                SINK.written.stream()
                        .map(record -> ((RequestEvent) record).getRequestId())
                        .toList());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "`` | body: no event (expected: a JSON object, or an array of them)",
                "[] | body: no event (expected: a JSON object, or an array of them)",
                "7 | event 1: VALUE_NUMBER_INT (expected: an object)",
                "{OK,\"latency\":1} | event 1: unknown field \"latency\" (expected: one of the schema RequestEvent)",
                "[{OK},{\"request_id\":\"r\"}] | event 2: no model (expected: a string)",
                "{OK,\"input_tokens\":1.5} | event 1: input_tokens: 1.5 (expected: a long or null)",
                "{OK,\"status\":\"FINE\"} | event 1: line 1: Duplicate field 'status'",
                "{OK,\"input_tokens\":-1} | event 1: input_tokens: -1 (expected: 0 to 1099511627776, or null)",
                "[{OK}] x | Unrecognized token 'x'",
                "{OK | event 1: line 1: Unexpected end-of-input",
            })
    void refusesRequestsThatAreNoneByNumberAndField(String body, String message) {
        String fields =
                "\"request_id\":\"r\",\"model\":\"m\",\"vantage\":\"ENGINE\",\"status\":\"OK\",\"start_ms\":1,\"end_ms\":2";
        refused(400, message, json(body.replace("OK", fields)));
        assertTrue(SINK.written.isEmpty());
    }

    @Test
    void acknowledgesOnlyWhatIsWritten() {
        SINK.answer = () -> CompletableFuture.failedFuture(new IOException("broker away"));
        HttpResponse<String> lost = push(TARGET, PAGE);
        refused(503, "not known to be written, send it again: java.io.IOException: broker away", lost);
        assertEquals("1", lost.headers().firstValue("Retry-After").orElse(""));
        String event = "{\"request_id\":\"r\",\"model\":\"m\",\"vantage\":\"ENGINE\",\"status\":\"OK\",\"start_ms\":1,"
                + "\"end_ms\":2}\n";
        SINK.written.clear();
        assertEquals(503, json(event.repeat(100)).statusCode());
        assertEquals(1, SINK.written.size(), "a broker that is away is waited for once");
        assertEquals(2, metric("weir_query_server_pushes_rejected_total{reason=\"unavailable\"}"));
        double before = metric("weir_query_server_events_pushed_total");
        SINK.answer = () -> CompletableFuture.completedFuture(null);
        assertEquals(204, push(TARGET, PAGE).statusCode());
        assertEquals(before + 1, metric("weir_query_server_events_pushed_total"));
        assertEquals(0, metric("weir_query_server_push_bytes_in_flight"));
    }

    /** Sixteen of one project run at a time and sixty-four wait; of those beyond, the newest are sent away. */
    @Test
    void sendsAwayWhatThereIsNoRoomFor() throws Exception {
        CompletableFuture<Void> written = new CompletableFuture<>();
        SINK.answer = () -> written;
        ExecutorService clients = Executors.newCachedThreadPool();
        ExecutorCompletionService<HttpResponse<String>> pushes = new ExecutorCompletionService<>(clients);
        int sent = 16 + 64 + 5;
        for (int i = 0; i < sent; i++) {
            pushes.submit(() -> server.post(TARGET, PAGE.getBytes(StandardCharsets.UTF_8), "X-Scope-OrgID", "a"));
        }
        HttpResponse<String> first = pushes.take().get();
        refused(429, "too many pushes wait (expected: at most maxWaitingPushes = 64 of all projects)", first);
        assertEquals("1", first.headers().firstValue("Retry-After").orElse(""));
        written.complete(null);
        int acknowledged = 0;
        for (int i = 1; i < sent; i++) {
            acknowledged += pushes.take().get().statusCode() == 204 ? 1 : 0;
        }
        clients.shutdown();
        assertEquals(acknowledged, SINK.written.size(), "what was acknowledged is what was written");
    }

    @Test
    void chargesTheProjectAtTheRateOfItsSamples() throws Exception {
        ProjectLimits limits = new ProjectLimits(Duration.ofMinutes(2), 1, 1_000, 1_000, 1_000, 1, 0);
        server = RunningServer.start(options("limits")
                .withProjectLimits(new ProjectLimits.Table(ProjectLimits.DEFAULT, Map.of("a", limits))));
        String page =
                PAGE + IntStream.range(0, 20).mapToObj(i -> "x" + i + " 1\n").collect(Collectors.joining());
        byte[] body = page.getBytes(StandardCharsets.UTF_8);
        assertEquals(204, server.post(TARGET, body, "X-Scope-OrgID", "a").statusCode());
        HttpResponse<String> tooMany = server.post(TARGET, body, "X-Scope-OrgID", "a");
        refused(429, "project \"a\" sends too many samples (expected: at most maxSamplesPerSecond of it)", tooMany);
        assertTrue(Integer.parseInt(tooMany.headers().firstValue("Retry-After").orElse("0")) >= 10);
        assertEquals(204, server.post(TARGET, body, "X-Scope-OrgID", "b").statusCode());
    }

    @Test
    void writesToTheTokensProjectAndToNoOther() throws Exception {
        Path folder = directory.resolve("tokens");
        Tokens tokens = Tokens.open(folder, InstantSource.fixed(RunningServer.NOW));
        String writer = secret(tokens, TokenScope.WRITE);
        String reader = secret(tokens, TokenScope.READ);
        server = RunningServer.start(options("of-tokens").withTokens(new TokenOptions(folder, "own")));
        byte[] page = PAGE.getBytes(StandardCharsets.UTF_8);
        assertEquals(401, server.post(TARGET, page).statusCode());
        refused(403, "has scope read (expected: write)", server.post(TARGET, page, "Authorization", reader));
        refused(
                403,
                "label.project_id: \"b\" (expected: none, or \"a\")",
                server.post(TARGET + "&label.project_id=b", page, "Authorization", writer));
        assertEquals(204, server.post(TARGET, page, "Authorization", writer).statusCode());
        assertEquals("a", ((ScrapeEvent) SINK.written.get(0)).getProject());
        String event =
                "{\"request_id\":\"r\",\"project\":\"b\",\"model\":\"m\",\"vantage\":\"ENGINE\",\"status\":\"OK\","
                        + "\"start_ms\":1,\"end_ms\":2}";
        byte[] ofOther = event.getBytes(StandardCharsets.UTF_8);
        refused(
                403,
                "project of event 1: \"b\" (expected: none, or \"a\")",
                server.post("/api/v1/requests", ofOther, "Authorization", writer));
        byte[] own = event.replace("\"b\"", "\"a\"").getBytes(StandardCharsets.UTF_8);
        assertEquals(
                204,
                server.post("/api/v1/requests", own, "Authorization", writer).statusCode());
    }

    @Test
    void saysWhyItTakesNothingWithoutABroker() throws IOException {
        server = RunningServer.start(directory.resolve("none"));
        refused(404, "no broker is configured (expected: kafka.bootstrap_servers", push(TARGET, PAGE));
        refused(404, "no broker is configured", json("{}"));
    }

    private static String secret(Tokens tokens, TokenScope scope) throws IOException {
        return "Bearer " + tokens.create(new Tokens.Wish("a", scope, null, "")).secret();
    }

    private double metric(String series) {
        return server.get("/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith(series + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(series.length())))
                .findFirst()
                .orElseThrow();
    }

    private HttpResponse<String> push(String pathAndQuery, String page) {
        return server.post(pathAndQuery, page.getBytes(StandardCharsets.UTF_8), TEXT);
    }

    private HttpResponse<String> json(String body) {
        return server.post(
                "/api/v1/requests", body.getBytes(StandardCharsets.UTF_8), "Content-Type", "application/json");
    }

    private static void refused(int status, String message, HttpResponse<String> response) {
        assertEquals(status, response.statusCode(), response.body());
        String told = response.body().replace("\\\"", "\"");
        assertTrue(told.contains(message), told);
    }

    private static byte[] gzip(String text) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(bytes)) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return bytes.toByteArray();
    }
}
