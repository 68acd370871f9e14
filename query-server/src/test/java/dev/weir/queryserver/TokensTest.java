package dev.weir.queryserver;

import static dev.weir.queryserver.RunningServer.NOW;
import static dev.weir.queryserver.RunningServer.NOW_MS;
import static dev.weir.queryserver.RunningServer.encode;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.queryserver.token.TokenOptions;
import dev.weir.queryserver.token.TokenScope;
import dev.weir.queryserver.token.Tokens;
import dev.weir.series.Labels;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who gets in with which token, and what they see; the tokens are made as another process makes them. */
@SuppressWarnings("NullAway.Init")
class TokensTest {
    private static final String OWN_SECRET = "own-secret";
    private static final String VALUE_OF_B = "424242";
    private static final String CRUSOE = "/v1alpha5/projects/";

    @TempDir
    Path directory;

    private final MovingClock clock = new MovingClock();
    private Tokens elsewhere;
    private RunningServer server;

    private static final class MovingClock implements InstantSource {
        private volatile Instant now = NOW;

        @Override
        public Instant instant() {
            return now;
        }

        void pass(Duration duration) {
            now = now.plus(duration);
        }
    }

    @BeforeEach
    void start() throws IOException {
        Path tokens = directory.resolve("tokens");
        elsewhere = Tokens.open(tokens, clock);
        server = RunningServer.start(RunningServer.options(directory.resolve("store"))
                .withClock(clock)
                .withTokens(new TokenOptions(tokens, OWN_SECRET)));
        for (String project : List.of("a", "b")) {
            boolean isA = project.equals("a");
            Labels labels = Labels.of(
                    "__name__", "up_of_" + project, "project_id", project, "only_" + project, isA ? "lion" : "zebra");
            var written = server.write(
                    RunningServer.samples(NOW_MS, isA ? 1 : Double.parseDouble(VALUE_OF_B), labels),
                    bearer(OWN_SECRET));
            assertEquals(204, written.statusCode());
        }
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private String make(String project, TokenScope scope) throws IOException {
        return make(project, scope, null);
    }

    private String make(String project, TokenScope scope, @Nullable Duration validity) throws IOException {
        String secret = elsewhere
                .create(new Tokens.Wish(project, scope, validity, "made by a test"))
                .secret();
        clock.pass(Duration.ofSeconds(1));
        return secret;
    }

    private static String[] bearer(String secret) {
        return new String[] {"Authorization", "Bearer " + secret};
    }

    private HttpResponse<String> ask(String query, String... headers) {
        return server.get("/api/v1/query?query=" + encode(query), headers);
    }

    @Test
    void asksForAToken() {
        HttpResponse<String> answer = ask("up_of_a");
        assertEquals(401, answer.statusCode());
        assertEquals(
                "Bearer realm=\"weir\"",
                answer.headers().firstValue("WWW-Authenticate").orElseThrow());
        assertTrue(answer.body().contains("\"errorType\":\"unauthorized\""), answer.body());
    }

    @Test
    void takesATokenAsThePasswordOfBasicAuthentication() throws IOException {
        String secret = make("a", TokenScope.READ);
        byte[] credentials = ("whoever:" + secret).getBytes(StandardCharsets.UTF_8);
        String basic = "Basic " + Base64.getEncoder().encodeToString(credentials);
        assertTrue(ask("up_of_a", "Authorization", basic).body().contains("lion"));
        assertFalse(ask("up_of_b", "Authorization", basic).body().contains("zebra"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Basic ###",
                "Bearer weir_unknown",
                "Bearer ",
                "Bearer",
                "Basic YTpi",
                "weir_unknown",
                "bearer\tx"
            })
    void refusesWhatIsNoToken(String authorization) {
        HttpResponse<String> answer = ask("up_of_a", "Authorization", authorization);
        assertEquals(401, answer.statusCode());
        assertTrue(answer.headers().firstValue("WWW-Authenticate").orElseThrow().startsWith("Bearer"));
        assertFalse(answer.body().contains("weir_unknown"), "never repeats what was sent");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/v1/query?query=1",
                "/api/v1/query_range?query=1&start=0&end=1&step=1",
                "/api/v1/series?match[]=up",
                "/api/v1/labels",
                "/api/v1/label/x/values",
                "/api/v1/metadata",
                "/api/v1/format_query?query=1",
                "/api/v1/status/buildinfo",
                "/api/v1/status/runtimeinfo",
                "/api/v1/tokens",
                "/v1/metrics/api/v1/query?query=1",
                "/v1/api/metrics/query?query=1",
                "/v1alpha5/projects/a/metrics/timeseries?query=1",
                "/metrics"
            })
    void leavesNothingOpenButProbes(String path) {
        assertEquals(401, server.get(path).statusCode());
        assertEquals(200, server.get("/-/healthy").statusCode());
        assertEquals(200, server.get("/-/ready").statusCode());
    }

    @Test
    void readsItsOwnProjectUnderEveryBase() throws IOException {
        String[] token = bearer(make("a", TokenScope.READ));
        for (String base : List.of(
                "/api/v1", "/v1/metrics/api/v1", "/v1/api/metrics/api/v1", CRUSOE + "a/metrics/timeseries/api/v1")) {
            HttpResponse<String> answer = server.get(base + "/query?query=up_of_a", token);
            assertEquals(200, answer.statusCode(), base);
            assertTrue(answer.body().contains("\"value\":[" + nowText() + ",\"1\"]"), answer.body());
        }
        assertEquals(200, ask("up_of_a", with(token, "X-Scope-OrgID", "a")).statusCode());
    }

    private String nowText() {
        return Long.toString(clock.instant().getEpochSecond());
    }

    private static String[] with(String[] token, String... more) {
        return Stream.concat(Stream.of(token), Stream.of(more)).toArray(String[]::new);
    }

    @Test
    void forbidsAnotherProjectByPathAndHeader() throws IOException {
        String[] token = bearer(make("a", TokenScope.READ));
        assertEquals(
                403,
                server.get(CRUSOE + "b/metrics/timeseries?query=up_of_b", token).statusCode());
        assertEquals(403, ask("up_of_b", with(token, "X-Scope-OrgID", "b")).statusCode());
        assertEquals(403, ask("up_of_b", with(token, "x-scope-orgid", "nobody")).statusCode());
    }

    @Test
    void eachScopeDoesWhatItSays() throws IOException {
        String[] reader = bearer(make("a", TokenScope.READ));
        String[] writer = bearer(make("a", TokenScope.WRITE));
        String[] admin = bearer(make("a", TokenScope.ADMIN));
        var request = RunningServer.samples(clock.instant().toEpochMilli(), 3, Labels.of("__name__", "written"));
        assertEquals(403, server.write(request, reader).statusCode());
        assertEquals(204, server.write(request, writer).statusCode());
        assertEquals(403, ask("written", writer).statusCode());
        assertTrue(ask("written", reader).body().contains("\"3\""));
        assertEquals(403, server.get("/api/v1/tokens", reader).statusCode());
        assertEquals(200, server.get("/api/v1/tokens", admin).statusCode());
        assertTrue(ask("up_of_b", with(admin, "X-Scope-OrgID", "b")).body().contains(VALUE_OF_B));
        assertTrue(ask("count({__name__=~\"up_of_.\"})", admin).body().contains("\"2\""));
    }

    /** What is written with a project's token is that project's, whatever its labels say. */
    @Test
    void writesToItsOwnProjectOnly() throws IOException {
        String[] writer = bearer(make("a", TokenScope.WRITE));
        String[] readerOfB = bearer(make("b", TokenScope.READ));
        var forged = RunningServer.samples(
                clock.instant().toEpochMilli(), 9, Labels.of("__name__", "forged", "project_id", "b"));
        int status = server.write(forged, writer).statusCode();
        assertTrue(status == 204 || status == 400, "status " + status);
        assertFalse(ask("forged", readerOfB).body().contains("\"9\""));
    }

    @Test
    void noQueryOfOneProjectShowsAByteOfAnother() throws IOException {
        String[] token = bearer(make("a", TokenScope.READ));
        String[] selectors = {
            "{__name__=~\".+\"}",
            "{__name__!=\"\"}",
            "{only_b=~\".*\",__name__=~\"up.*\"}",
            "up_of_b",
            "{project_id=\"b\"}",
            "{__name__=~\"up_of_b|up_of_a\"}",
            "{project_id!=\"a\",__name__!=\"\"}"
        };
        String[] shapes = {
            "%s",
            "%s or %s",
            "sum by (__name__, only_b) (%s)",
            "max_over_time(%s[1h:1m])",
            "rate(%s[10m])",
            "label_replace(%s, \"x\", \"$1\", \"only_b\", \"(.*)\")",
            "count_values(\"v\", %s)",
            "topk(9, %s)",
            "absent(%s)",
            "info(%s)",
            "%s * on() group_left(only_b) %s",
            "last_over_time(%s[1h]) offset -1m",
            "sort_by_label(%s, \"only_b\")",
            "group(%s) without ()"
        };
        Random random = new Random(2026);
        for (int i = 0; i < 600; i++) {
            String query =
                    shapes[random.nextInt(shapes.length)].replace("%s", selectors[random.nextInt(selectors.length)]);
            String path = switch (random.nextInt(4)) {
                case 0 -> "/api/v1/query?query=" + encode(query);
                case 1 ->
                    "/api/v1/query_range?query=" + encode(query) + "&step=60&start=" + (NOW_MS / 1000 - 300) + "&end="
                            + NOW_MS / 1000;
                case 2 -> "/api/v1/series?match[]=" + encode(selectors[random.nextInt(selectors.length)]);
                default -> "/api/v1/label/" + (random.nextBoolean() ? "__name__" : "only_b") + "/values";
            };
            String body = server.get(path, token).body();
            assertFalse(body.contains("zebra") || body.contains(VALUE_OF_B), () -> path + ": " + body);
        }
    }

    @Test
    void ownMetricsTellOfTheTokensProjectOnly() throws IOException {
        String body = server.get("/metrics", bearer(make("a", TokenScope.READ))).body();
        assertTrue(body.contains("weir_query_server_series{project=\"a\"} 1"), body);
        assertFalse(body.contains("project=\"b\""), body);
    }

    @Test
    void aTokenRevokedByAnotherProcessIsRefusedASecondLater() throws IOException {
        Tokens.Made made = elsewhere.create(new Tokens.Wish("a", TokenScope.READ, null, ""));
        clock.pass(Duration.ofSeconds(1));
        assertEquals(200, ask("up_of_a", bearer(made.secret())).statusCode());
        assertTrue(elsewhere.revoke(made.token().id()));
        assertFalse(elsewhere.revoke(made.token().id()));
        clock.pass(Duration.ofSeconds(1));
        assertEquals(401, ask("up_of_a", bearer(made.secret())).statusCode());
    }

    @Test
    void aTokenExpires() throws IOException {
        String secret = make("a", TokenScope.READ, Duration.ofMinutes(1));
        assertEquals(200, ask("up_of_a", bearer(secret)).statusCode());
        clock.pass(Duration.ofMinutes(1));
        assertEquals(401, ask("up_of_a", bearer(secret)).statusCode());
    }

    @Test
    void anAdministratorManagesTokensFromElsewhere() throws IOException {
        String[] admin = bearer(make("ops", TokenScope.ADMIN));
        HttpResponse<String> made = server.postForm(
                "/api/v1/tokens/create", "project=a&scope=read&expires_seconds=3600&description=board", admin);
        assertEquals(200, made.statusCode(), made.body());
        String secret = made.body().replaceAll(".*\"secret\":\"([^\"]+)\".*", "$1");
        String id = made.body().replaceAll(".*\"id\":\"([^\"]+)\".*", "$1");
        assertEquals(200, ask("up_of_a", bearer(secret)).statusCode());
        String listed = server.get("/api/v1/tokens", admin).body();
        assertTrue(listed.contains("\"id\":\"" + id + "\",\"project\":\"a\",\"scope\":\"read\""), listed);
        assertFalse(listed.contains(secret), "a secret is told once");
        assertEquals(
                200, server.postForm("/api/v1/tokens/revoke", "id=" + id, admin).statusCode());
        assertEquals(401, ask("up_of_a", bearer(secret)).statusCode());
        assertEquals(
                404, server.postForm("/api/v1/tokens/revoke", "id=" + id, admin).statusCode());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "scope=read",
                "project=&scope=read",
                "project=a&scope=all",
                "project=a&expires_seconds=0",
                "project=a&expires_seconds=soon",
                "project=a%09b",
                "project=a&description=x%0Ay"
            })
    void refusesTokensThatCannotBe(String form) throws IOException {
        String[] admin = bearer(make("ops", TokenScope.ADMIN));
        HttpResponse<String> answer = server.postForm("/api/v1/tokens/create", form, admin);
        assertEquals(400, answer.statusCode(), answer.body());
        assertTrue(answer.body().contains("expected: "), answer.body());
    }

    @Test
    void secretsAreNotOnDiskAndNobodyElseReadsTheFile() throws IOException {
        String secret = make("a", TokenScope.READ);
        ask("up_of_a", bearer(secret));
        Path file = directory.resolve("tokens").resolve("tokens");
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path path : files.filter(Files::isRegularFile).toList()) {
                assertFalse(Files.readString(path, java.nio.charset.StandardCharsets.ISO_8859_1)
                        .contains(secret));
            }
        }
    }

    @Test
    void notesWhenATokenWasLastUsed() throws IOException {
        Tokens.Made made = elsewhere.create(new Tokens.Wish("a", TokenScope.READ, null, ""));
        assertNull(elsewhere.list().get(0).lastUsed());
        clock.pass(Duration.ofSeconds(1));
        ask("up_of_a", bearer(made.secret()));
        assertEquals(clock.instant(), elsewhere.list().get(0).lastUsed());
    }

    @Test
    void keepsTheTokensItKnowsWhileTheFileIsUnreadable() throws IOException {
        String secret = make("a", TokenScope.READ);
        assertEquals(200, ask("up_of_a", bearer(secret)).statusCode());
        Files.writeString(directory.resolve("tokens").resolve("tokens"), "weir-tokens\t1\nnonsense\n");
        clock.pass(Duration.ofSeconds(2));
        assertEquals(200, ask("up_of_a", bearer(secret)).statusCode());
        IOException refused = assertThrows(IOException.class, () -> Tokens.open(directory.resolve("tokens"), clock));
        assertTrue(String.valueOf(refused.getMessage()).contains("line 2"), refused.getMessage());
    }
}
