package dev.weir.promql.answers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A Prometheus of its own in a temporary folder, with every feature that queries can use; ends when closed. */
final class PrometheusProcess implements AutoCloseable {
    private static final int START_MS = 30_000;
    private static final int POLL_MS = 50;
    private static final String FEATURES = "promql-experimental-functions,native-histograms,promql-duration-expr";

    private final Path folder;
    private final Process process;
    private final PrometheusApi api;

    PrometheusProcess(Path binary, boolean delayedNameRemoval) throws IOException, InterruptedException {
        this.folder = Files.createTempDirectory("prometheus-answers");
        Files.writeString(folder.resolve("prometheus.yml"), "global: {evaluation_interval: 1m}\n");
        int port = freePort();
        // One head block for all of time takes samples of any age.
        List<String> command = List.of(
                binary.toString(),
                "--config.file=" + folder.resolve("prometheus.yml"),
                "--storage.tsdb.path=" + folder.resolve("data"),
                "--web.listen-address=127.0.0.1:" + port,
                "--web.enable-remote-write-receiver",
                "--storage.tsdb.min-block-duration=36500d",
                "--storage.tsdb.max-block-duration=36500d",
                "--storage.tsdb.retention.time=36500d",
                "--log.level=error",
                "--enable-feature=" + FEATURES + (delayedNameRemoval ? ",promql-delayed-name-removal" : ""));
        this.process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
        this.api = new PrometheusApi("http://127.0.0.1:" + port);
        awaitReady();
    }

    PrometheusApi api() {
        return api;
    }

    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.waitFor();
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot remove " + folder, e);
        }
    }

    private void awaitReady() throws IOException, InterruptedException {
        for (int waitedMs = 0; !api.isReady(); waitedMs += POLL_MS) {
            if (waitedMs > START_MS || !process.isAlive()) {
                String log = Files.readString(folder.resolve("log"));
                close();
                throw new IOException("prometheus did not become ready in " + START_MS + " ms; its log: " + log);
            }
            Thread.sleep(POLL_MS);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
