package dev.weir.queryserver;

import static dev.weir.queryserver.RunningServer.NOW_MS;
import static dev.weir.queryserver.RunningServer.encode;
import static dev.weir.queryserver.RunningServer.samples;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.series.Labels;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that no honest client sends: each gets a short answer that says what is wrong. */
@SuppressWarnings("NullAway.Init")
class HostileRequestsTest {
    private static final int MAX_ANSWER_LENGTH = 20_000;
    private static final String BOMB = "(a{1000}){1000}";

    @TempDir
    static Path directory;

    private static RunningServer server;

    @BeforeAll
    static void start() throws IOException {
        server = RunningServer.start(directory);
        server.write(samples(NOW_MS, 1, Labels.of("__name__", "up", "a", "x"), Labels.of("__name__", "up", "a", "y")));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    /** A form that is refused. */
    record Refused(String path, String form, int status, String type, String message) {
        @Override
        public String toString() {
            return path + " " + form.substring(0, Math.min(60, form.length()));
        }
    }

    static List<Refused> refused() {
        String parens = "(".repeat(50_000) + "1" + ")".repeat(50_000);
        return List.of(
                badData("query", "query=" + encode(parens), "expression nesting: more than 250 levels"),
                badData("query_range", "start=0&end=1&step=1&query=" + encode(parens), "expression nesting"),
                badData("format_query", "query=" + encode(parens), "expression nesting"),
                badData(
                        "query",
                        "query=" + "1%2B".repeat(300_000) + "1",
                        "query: 600001 characters (expected: at most 131072)"),
                new Refused(
                        "query",
                        "query=" + "1%2B".repeat(1 << 20) + "1",
                        413,
                        "bad_data",
                        "request body too large (expected: at most maxFormBytes = 2097152)"),
                new Refused("series", "match[]=" + "x".repeat(20 << 20), 413, "bad_data", "request body too large"),
                badData(
                        "query_range",
                        "query=1&start=0&end=11001&step=1",
                        "exceeded maximum resolution of 11,000 points"),
                badData("query_range", "query=1&start=0&end=9e12&step=1e-9", "exceeded maximum resolution"),
                badData("query_range", "query=1&start=-9e12&end=9e12&step=1", "exceeded maximum resolution"),
                badData("query", "query=nothing_like_it(1)", "unknown function with name"),
                badData("query", "query=" + encode("{__name__=~\".*\"}"), "at least one non-empty matcher"),
                badData("series", "match[]=" + encode("{__name__=~\".*\"}"), "at least one non-empty matcher"),
                badData("labels", "match[]=" + encode("{a=\"\"}"), "at least one non-empty matcher"),
                badData("series", "match[]=" + encode("{a=~\"" + BOMB + "\"}"), "invalid repeat count"),
                badData("labels", "match[]=" + encode("{a=~\"" + BOMB + "\"}"), "invalid repeat count"),
                badData("query", "query=" + encode("{a=~\"" + BOMB + "\"}"), "invalid repeat count"),
                badData("series", "match[]=" + encode("{a=~\"" + "a?".repeat(30_000) + "\"}"), "expression too large"),
                badData(
                        "series",
                        "match[]=up&".repeat(1_001),
                        "1001 selectors (expected: at most maxSelectors = 1000)"),
                badData("query", "a=1&".repeat(200_000) + "query=1", "more than 10000 parameters"),
                badData("query", "query=1&time=" + "1".repeat(1 << 20), "cannot parse \\\"111"),
                badData("query", "query=1&time=" + "9".repeat(90), "cannot parse \\\"999"),
                badData("query", "query=1&timeout=" + "9".repeat(1 << 20), "cannot parse \\\"999"),
                badData("query", "query=1&limit=" + "9".repeat(1 << 20), "strconv.Atoi: parsing \\\"999"),
                badData("query", "query=1&lookback_delta=" + "1h".repeat(1 << 19), "cannot parse \\\"1h1h"),
                badData("query_range", "query=1&start=0&end=1&step=" + "9y".repeat(1 << 19), "cannot parse \\\"9y9y"),
                badData("query", "query=" + "%ff".repeat(500_000), "invalid UTF-8 in \\\"%ff%ff"),
                badData("query", "query=%", "invalid URL escape"),
                badData("query", "query=" + "%00".repeat(100_000), "unexpected character: '\\\\x00'"),
                new Refused(
                        "query",
                        "query=" + encode("max_over_time(vector(1)[365d:1s])"),
                        422,
                        "execution",
                        "subquery: 31536000 steps"),
                new Refused(
                        "query",
                        "query=" + encode("label_replace(up,\"x\",\"\",\"a\",\"" + BOMB + "\")"),
                        422,
                        "execution",
                        "invalid regular expression in label_replace()"));
    }

    @ParameterizedTest
    @MethodSource("refused")
    void isRefusedShortly(Refused refused) {
        HttpResponse<String> answer = server.postForm("/api/v1/" + refused.path, refused.form);

        assertTrue(answer.body().contains(refused.message), answer.body());
        assertTrue(answer.body().startsWith("{\"status\":\"error\",\"errorType\":\"" + refused.type + "\""));
        assertEquals(refused.status, answer.statusCode());
        assertTrue(answer.body().length() < MAX_ANSWER_LENGTH);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /api/v1/query?query=" + "1" + "\u0001 HTTP/1.1\r\nHost: x\r\n\r\n",
                "NONSENSE\r\n\r\n",
                "GET /api/v1/query HTTP/1.1\r\n\r\n",
                "GET /%zz HTTP/1.1\r\nHost: x\r\n\r\n",
                "POST /api/v1/query HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
                "POST /api/v1/query HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nq",
                "POST /api/v1/query HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"
            })
    void whatIsNoRequestIsRefusedAndTheConnectionEnds(String request) throws IOException {
        String answer = exchange(request);

        assertTrue(answer.startsWith("HTTP/1.1 400 "), answer);
        assertTrue(!answer.contains("<html"), answer);
    }

    @Test
    void longRequestLineIsRefused() throws IOException {
        String answer = exchange("GET /api/v1/query?query=" + "1".repeat(100_000) + " HTTP/1.1\r\nHost: x\r\n\r\n");

        assertTrue(answer.startsWith("HTTP/1.1 4"), answer);
        assertTrue(!answer.contains("<html"), answer);
    }

    @Test
    void chunkedFormIsReadUpToItsLimit() throws IOException {
        String head = String.join(
                "\r\n",
                "POST /api/v1/query HTTP/1.1",
                "Host: x",
                "Connection: close",
                "Transfer-Encoding: chunked",
                "Content-Type: application/x-www-form-urlencoded",
                "",
                "");
        String fits = exchange(head + chunk("query=1%") + chunk("2B2&ti") + chunk("me=5") + chunk(""));
        String tooLong = exchange(head + chunk("x".repeat(1 << 16)).repeat(40) + chunk(""));

        assertTrue(fits.contains("\"result\":[5,\"3\"]"), fits);
        assertTrue(tooLong.startsWith("HTTP/1.1 413 "), tooLong);
        assertTrue(tooLong.contains("maxFormBytes = 2097152"), tooLong);
    }

    @Test
    void firstOfSeveralValuesCountsAndThoseOfTheBodyComeFirst() {
        assertEquals(
                "{\"status\":\"success\",\"data\":{\"resultType\":\"scalar\",\"result\":[7,\"3\"]}}",
                server.postForm("/api/v1/query?query=1&time=1", "query=3&query=4&time=7")
                        .body());
    }

    @Test
    void emptyLabelNameIsNotFound() {
        assertEquals(404, server.get("/api/v1/label//values").statusCode());
    }

    private static String chunk(String text) {
        return Integer.toHexString(text.length()) + "\r\n" + text + "\r\n";
    }

    private static String exchange(String request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            OutputStream out = socket.getOutputStream();
            out.write(request.getBytes(StandardCharsets.ISO_8859_1));
            socket.shutdownOutput();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static Refused badData(String path, String form, String message) {
        return new Refused(path, form, 400, "bad_data", message);
    }
}
