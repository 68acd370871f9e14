package dev.weir.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Prometheus' own scripts, written by remote write and asked over HTTP, against the server as it is packaged. */
class PromQlOverHttpTest {
    private static final Duration LIMIT = Duration.ofSeconds(90);

    /**
     * Of 1,479 evaluations, 31 ask for an absolute time; the harness leaves them out where it moves the scripts to other
     * weeks.
     */
    @ParameterizedTest
    @CsvSource({"--tenant-header X-Scope-OrgID, 1479 of 1479", "--isolate shift, 1448 of 1448"})
    void passesEveryEvaluation(
            String isolation, String passed, @TempDir(cleanup = CleanupMode.ON_SUCCESS) Path directory)
            throws Exception {
        Path harness = SharedFolder.file("promqltest/harness/promqltest.py");
        Assumptions.assumeTrue(WeirProcess.onPath("python3"), "python3 is not on the PATH");
        int port = FreePort.next();
        Path config = directory.resolve("weir.yml");
        Files.writeString(config, """
                data_dir: %s
                query:
                  listen: 127.0.0.1:%d
                  retention: 100y
                  delayed_name_removal: true
                """.formatted(directory.resolve("data"), port));
        try (WeirProcess weir =
                WeirProcess.start(directory.resolve("weir.log"), "query-server", "--config", config.toString())) {
            weir.awaitLog("The query server is ready.", LIMIT);
            List<String> command =
                    new ArrayList<>(List.of("python3", harness.toString(), "--base-url", "http://127.0.0.1:" + port));
            command.addAll(List.of(isolation.split(" ")));
            assertPasses(command, directory.resolve("harness.log"), passed);
        }
    }

    private static void assertPasses(List<String> command, Path log, String passed)
            throws IOException, InterruptedException {
        Process harness = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        boolean ended = harness.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS);
        harness.destroyForcibly();
        String report = Files.readString(log, StandardCharsets.UTF_8);
        assertTrue(ended, report);
        assertEquals(0, harness.exitValue(), report);
        assertTrue(report.contains("TOTAL passed " + passed + " run"), report);
    }
}
