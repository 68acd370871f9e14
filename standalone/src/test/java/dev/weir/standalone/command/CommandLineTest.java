package dev.weir.standalone.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CommandLineTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    /** What a command line left behind. */
    private record Result(int exitCode, String out, String err) {}

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    ''                            | weir: no command given
                    frobnicate                    | weir: Unmatched argument
                    up                            | weir up: Missing required option: '--config
                    check --config                | weir check: Missing required parameter
                    up --config a --colour        | weir up: Unknown option: '--colour'
                    query                         | weir query: Missing required parameter
                    query up --range soon         | weir query: Invalid value for option '--range'
                    query up --range 0            | weir query: Invalid value for option '--range'
                    query up --step 15s           | weir query: --step without --range
                    query up --range 30d --step 1s| weir query: --step
                    query up --url ftp://x        | weir: --url ftp://x (expected: such as http
                    query up --range 1h --time now| weir query: --time "now"
                    demo --churn wild             | weir demo:
                    demo --port 70000             | weir demo: --port 70000
                    snapshot /no/such/page        | weir: /no/such/page: no such file
                    check --config /no/weir.yml   | weir: /no/weir.yml: no such file
                    tokens                        | weir tokens: no command given
                    tokens create --project a     | weir tokens create: Error: Missing required argument
                    tokens create --url http://x  | weir tokens create: Missing required option: '--project
                    tokens create --url http://x --project a --scope all | weir tokens create: --scope: "all"
                    tokens list --config /no/weir.yml | weir: /no/weir.yml: no such file
                    """)
    void badUsageIsOneLineAndExitCodeTwo(String commandLine, String expectedStart) {
        String line = commandLine.startsWith("demo") ? commandLine + " --data-dir " + folder : commandLine;
        Result result = run(line.isEmpty() ? new String[0] : line.strip().split(" "));
        assertEquals(2, result.exitCode(), result.err());
        assertTrue(result.err().startsWith(expectedStart), result.err());
        assertEquals(1, result.err().lines().count(), result.err());
        assertEquals("", result.out());
    }

    @Test
    void scaleKnowsNothingWhereNobodyAnswersAndWantsRules() throws IOException {
        Path file = Files.writeString(folder.resolve("weir.yml"), """
                query: {listen: "127.0.0.1:1"}
                scaling:
                  rules:
                  - {model: m, expr: x, guard: up, target: 1, max: 2, management_url: "http://127.0.0.1:1"}
                """);
        Result result = run("scale", "--once", "--config", file.toString());
        assertEquals(0, result.exitCode(), result.err());
        String unknown = "scaling rule m: UNKNOWN: freshness: no answer of http://127.0.0.1:1: ";
        assertTrue(result.out().startsWith(unknown), result.out());
        Files.writeString(file, "project: a\n");
        result = run("scale", "--once", "--config", file.toString());
        assertEquals(2, result.exitCode());
        assertEquals("weir: " + file + ": no rules in scaling (expected: at least one)\n", result.err());
    }

    @Test
    void checkAcceptsAConfigurationAndSaysWhatIsInIt() throws IOException {
        Path file = Files.writeString(folder.resolve("weir.yml"), """
                data_dir: /var/lib/weir
                scrape_configs:
                  - job_name: vllm
                    static_configs:
                      - targets: ["10.0.0.1:8000"]
                """);
        Result result = run("check", "--config", file.toString());
        assertEquals("", result.err());
        assertEquals(0, result.exitCode());
        assertEquals(file + ": ok: 1 scrape config, 0 remote_write receivers, data in /var/lib/weir\n", result.out());
    }

    @Test
    void tokensOfADataDirectoryAreMadeListedAndRevoked() throws IOException {
        Path file = Files.writeString(
                folder.resolve("weir.yml"), "data_dir: " + folder.resolve("data") + "\nquery: {auth: tokens}\n");
        String config = file.toString();
        Result made = run("tokens", "create", "--config", config, "--project", "a", "--expires", "90d");
        assertEquals(0, made.exitCode(), made.err());
        assertTrue(made.out().matches("weir_[A-Za-z0-9_-]{43}\n"), made.out());
        String id = made.err().split(" ")[1];
        String listed = run("tokens", "list", "--config", config).out();
        assertTrue(listed.contains(id + "  a        read   "), listed);
        assertEquals(
                1,
                run("tokens", "list", "--config", config, "--project", "b")
                        .out()
                        .lines()
                        .count());
        assertEquals(0, run("tokens", "revoke", "--config", config, id).exitCode());
        assertEquals(1, run("tokens", "list", "--config", config).out().lines().count());
        Result again = run("tokens", "revoke", "--config", config, id);
        assertEquals(2, again.exitCode());
        assertEquals("weir: token: \"" + id + "\" (expected: the id of one that is listed)\n", again.err());
    }

    @Test
    void checkNamesAWrongKeyAndItsLine() throws IOException {
        Path file = Files.writeString(folder.resolve("weir.yml"), "project: a\nscrape_confgs: []\n");
        Result result = run("check", "--config", file.toString());
        assertEquals(2, result.exitCode());
        assertTrue(result.err().startsWith("weir: " + file + ":2:"), result.err());
        assertTrue(result.err().contains("scrape_confgs"), result.err());
    }

    @Test
    void checkNamesASecretThatIsNotThere() throws IOException {
        Path file = Files.writeString(folder.resolve("weir.yml"), """
                remote_write:
                  - name: mimir
                    url: http://127.0.0.1:9/api/v1/push
                    authorization: {credentials_file: missing-token}
                """);
        Result result = run("check", "--config", file.toString());
        assertEquals(2, result.exitCode(), result.err());
        assertTrue(result.err().contains("remote_write mimir: cannot read"), result.err());
        assertTrue(result.err().contains("missing-token"), result.err());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    remote_write: [{name: query-server, url: 'http://127.0.0.1:9/'}]   | remote_write query-server: name
                    """)
    void checkRefusesWhatThisVersionDoesNotDo(String yaml, String expected) throws IOException {
        Path file = Files.writeString(folder.resolve("weir.yml"), yaml);
        Result result = run("check", "--config", file.toString());
        assertEquals(2, result.exitCode(), result.err());
        assertTrue(result.err().startsWith("weir: " + expected + " (expected: "), result.err());
    }

    @Test
    void queryPrintsATableAndTheServersNotes() throws IOException {
        Result result = answering(200, """
                {"status":"success","data":{"resultType":"vector","result":[
                {"metric":{"__name__":"up","job":"vllm"},"value":[1,"1"]},
                {"metric":{"__name__":"up","job":"torchserve-node"},"value":[1,"0"]}]},"infos":["PromQL info: held"]}""", "up");
        assertEquals(0, result.exitCode(), result.err());
        assertEquals("up{job=\"vllm\"}             1\nup{job=\"torchserve-node\"}  0\n", result.out());
        assertEquals("PromQL info: held\n", result.err());
    }

    @Test
    void aBadQueryIsBadUsage() throws IOException {
        Result result = answering(
                400, "{\"status\":\"error\",\"errorType\":\"bad_data\",\"error\":\"1:4: parse error\"}", "up{");
        assertEquals(2, result.exitCode());
        assertEquals("  up{\n     ^\nweir: bad_data: 1:4: parse error\n", result.err());
    }

    @Test
    void aServerThatFailsOrIsNotThereIsExitCodeOne() throws IOException {
        Result failing = answering(503, "overloaded", "up");
        assertEquals(1, failing.exitCode());
        assertTrue(failing.err().endsWith(": HTTP 503\n"), failing.err());
        Result elsewhere = answering(404, "not found", "up");
        assertTrue(elsewhere.err().contains("HTTP 404 at /api/v1/query (expected: --url with"), elsewhere.err());
        Result absent = run("query", "up", "--url", "127.0.0.1:1");
        assertEquals(1, absent.exitCode());
        assertTrue(absent.err().startsWith("weir: http://127.0.0.1:1: nobody answers (expected:"), absent.err());
    }

    @Test
    void snapshotPrintsAPageOfAFile() throws IOException {
        Path page = Files.writeString(
                folder.resolve("metrics"), "# TYPE vllm:generation_tokens counter\nvllm:generation_tokens_total 7\n");
        Result result = run("snapshot", page.toString());
        assertEquals(0, result.exitCode(), result.err());
        assertTrue(result.out().contains("vllm:generation_tokens"), result.out());
        assertTrue(result.out().contains("7"), result.out());
    }

    @Test
    void snapshotSaysWhereABadPageIsBad() throws IOException {
        Path page = Files.writeString(folder.resolve("metrics"), "up 1\nup{job=\"x} 2\n");
        Result result = run("snapshot", page.toString());
        assertEquals(1, result.exitCode());
        assertTrue(result.err().startsWith("weir: " + page + ": "), result.err());
        assertTrue(result.err().contains("(expected: a closing quote on the same line)"), result.err());
    }

    @Test
    void strictSnapshotRefusesWhatTheLenientOneTakes() throws IOException {
        Path page = Files.writeString(folder.resolve("metrics"), "# TYPE a counter\na_total 1\n# EOF\n");
        assertEquals(0, run("snapshot", page.toString()).exitCode());
        Path unfinished = Files.writeString(folder.resolve("unfinished"), "# TYPE a counter\na_total 1\n");
        List<String> strict = List.of("snapshot", unfinished.toString(), "--strict", "--format", "openmetrics");
        assertEquals(1, run(strict.toArray(new String[0])).exitCode());
    }

    @Test
    void snapshotTakesAFilesFormatFromItsName() throws IOException {
        Path unfinished = Files.writeString(folder.resolve("page.om"), "# TYPE a counter\na_total 1\n");
        Result result = run("snapshot", unfinished.toString());
        assertEquals(1, result.exitCode());
        assertTrue(result.err().contains("# EOF"), result.err());
        Path text = Files.writeString(folder.resolve("page.txt"), "a_total 1\n# EOF\n");
        assertEquals(0, run("snapshot", text.toString()).exitCode());
    }

    private Result answering(int status, String json, String query) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1);
        server.createContext("/api/v1/query", exchange -> {
            byte[] body = json.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        try {
            return run(
                    "query",
                    query,
                    "--url",
                    "http://127.0.0.1:" + server.getAddress().getPort());
        } finally {
            server.stop(0);
        }
    }

    private static Result run(String... args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int exitCode = WeirCommand.run(args, new PrintWriter(out, true), new PrintWriter(err, true));
        return new Result(exitCode, out.toString(), err.toString());
    }
}
