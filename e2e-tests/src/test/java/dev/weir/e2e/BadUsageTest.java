package dev.weir.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What cannot work ends the command with an exit code and one line that names what is wrong, and nothing is left behind. */
class BadUsageTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final int FAILED = 1;
    private static final int BAD_USAGE = 2;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @Test
    void unknownConfigurationKeyIsNamedWithItsPlace() throws Exception {
        Path config = Files.writeString(folder.resolve("weir.yml"), """
                data_dir: %s
                scrape_configs:
                - job_name: a
                  scrape_intervall: 5s
                """.formatted(folder.resolve("data")));
        for (String command : List.of("check", "up", "query-server")) {
            List<String> lines = lines(BAD_USAGE, command, "--config", config.toString());
            assertEquals(1, lines.size(), lines::toString);
            assertTrue(lines.get(0).contains(config + ":4:3: unknown key \"scrape_intervall\""), lines::toString);
        }
        assertTrue(Files.notExists(folder.resolve("data")));
    }

    @Test
    void portInUseIsNamed() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Path config = config(taken.getLocalPort());
            for (String command : List.of("up", "query-server")) {
                String line = last(lines(FAILED, command, "--config", config.toString()));
                assertTrue(line.startsWith("weir: "), line);
                assertTrue(line.contains("127.0.0.1:" + taken.getLocalPort()), line);
                assertTrue(line.contains("in use"), line);
            }
        }
    }

    @Test
    void dataDirInUseIsNamed() throws Exception {
        Path data = Files.createDirectories(folder.resolve("data"));
        Path config = config(FreePort.next());
        try (FileChannel channel =
                        FileChannel.open(data.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = channel.lock()) {
            assertNotNull(lock);
            for (String command : List.of("up", "query-server")) {
                String line = last(lines(FAILED, command, "--config", config.toString()));
                assertTrue(line.startsWith("weir: data_dir " + data + ": in use"), line);
            }
        }
    }

    private Path config(int port) throws IOException {
        return Files.writeString(
                folder.resolve("weir.yml"),
                "data_dir: " + folder.resolve("data") + "\nquery: {listen: \"127.0.0.1:" + port + "\"}\n");
    }

    private static String last(List<String> lines) {
        return lines.get(lines.size() - 1);
    }

    private List<String> lines(int exitCode, String... arguments) throws Exception {
        Path log = Files.createTempFile(folder, "command", ".log");
        try (WeirProcess command = WeirProcess.start(log, arguments)) {
            assertEquals(exitCode, command.exitCode(LIMIT), command::log);
            return command.log().lines().toList();
        }
    }
}
