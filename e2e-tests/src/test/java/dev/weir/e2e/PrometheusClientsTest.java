package dev.weir.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.queryserver.token.TokenScope;
import dev.weir.queryserver.token.Tokens;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Prometheus' own programs against the server as it is packaged: what writes to it, scrapes it and asks it. */
class PrometheusClientsTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    /**
     * A Prometheus scrapes the server's own metrics, with a token where it needs one, and writes what it scraped to it;
     * promtool then finds that.
     */
    @ParameterizedTest
    @ValueSource(strings = {"off", "tokens"})
    void writeScrapeAndAsk(String auth, @TempDir(cleanup = CleanupMode.ON_SUCCESS) Path directory) throws Exception {
        Assumptions.assumeTrue(WeirProcess.onPath("prometheus"), "prometheus is not on the PATH");
        Assumptions.assumeTrue(WeirProcess.onPath("promtool"), "promtool is not on the PATH");
        int port = FreePort.next();
        Path config =
                Files.writeString(directory.resolve("weir.yml"), """
                data_dir: %s
                query: {listen: "127.0.0.1:%d", auth: %s}
                """.formatted(directory.resolve("data"), port, auth));
        try (WeirProcess weir =
                WeirProcess.start(directory.resolve("weir.log"), "query-server", "--config", config.toString())) {
            weir.awaitLog("The query server is ready.", LIMIT);
            boolean hasTokens = auth.equals("tokens");
            Path write = hasTokens ? token(directory, TokenScope.WRITE) : directory;
            Path read = hasTokens ? token(directory, TokenScope.READ) : directory;
            Path prometheus = Files.writeString(directory.resolve("prometheus.yml"), """
                    global: {scrape_interval: 1s, external_labels: {project_id: a}}
                    scrape_configs:
                      - job_name: weir
                        static_configs: [{targets: ["127.0.0.1:%1$d"]}]
                        %2$s
                    remote_write:
                      - url: http://127.0.0.1:%1$d/api/v1/write
                        %3$s
                    """.formatted(
                            port,
                            hasTokens ? "authorization: {credentials_file: " + read + "}" : "",
                            hasTokens ? "authorization: {credentials_file: " + write + "}" : ""));
            // This promtool knows no other way to show a token than as a password.
            String server = "http://" + (hasTokens ? "x:" + Files.readString(read) + "@" : "") + "127.0.0.1:" + port;
            Process sender = start(
                    directory.resolve("prometheus.log"),
                    List.of(
                            "prometheus",
                            "--enable-feature=agent",
                            "--config.file=" + prometheus,
                            "--storage.agent.path=" + directory.resolve("agent"),
                            "--web.listen-address=127.0.0.1:" + FreePort.next()));
            try {
                Until.holds(
                        "samples of a real Prometheus",
                        LIMIT,
                        () -> promtool(server, "instant", "sum(up{job=\"weir\", project_id=\"a\"})"),
                        said -> said.contains("=> 1 @"));
                askOnce(server);
            } finally {
                sender.destroy();
            }
            if (hasTokens) {
                assertTrue(
                        promtool("http://127.0.0.1:" + port, "instant", "up").contains("bearer token"),
                        "asked without a token");
            }
        }
    }

    private static void askOnce(String server) {
        assertTrue(promtool(server, "range", "up", "--step=5s").contains("job=\"weir\""));
        assertTrue(promtool(server, "series", "--match=up").contains("project_id=\"a\""));
        assertEquals("a", promtool(server, "labels", "project_id").strip());
        assertTrue(promtool(server, "instant", "sum(").contains("parse error"));
    }

    private static Path token(Path directory, TokenScope scope) throws IOException {
        try (Tokens tokens = Tokens.open(directory.resolve("data/tokens"), InstantSource.system())) {
            Tokens.Made made = tokens.create(new Tokens.Wish("a", scope, null, "of a test"));
            return Files.writeString(directory.resolve(scope.text()), made.secret());
        }
    }

    /** What it prints, errors included. Flags stand before the server's address and what follows it. */
    private static String promtool(String server, String command, String... arguments) {
        List<String> line = new ArrayList<>(List.of("promtool", "query", command));
        for (String argument : arguments) {
            if (argument.startsWith("--")) {
                line.add(argument);
            }
        }
        line.add(server);
        for (String argument : arguments) {
            if (!argument.startsWith("--")) {
                line.add(argument);
            }
        }
        try {
            Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertTrue(process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS), "promtool ends");
            return said;
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private static Process start(Path log, List<String> command) throws IOException {
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
    }
}
