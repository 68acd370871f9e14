package dev.weir.benchmarks.sidebyside;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A metrics server that this process started, on a free port of loopback, with its data in a directory of its own. */
final class Server implements AutoCloseable {
    private static final long STOP_SECONDS = 20;

    private final String name;
    private final Process process;
    private final URI base;
    private final Map<String, String> queryParameters;

    private Server(String name, Process process, URI base, Map<String, String> queryParameters) {
        this.name = name;
        this.process = process;
        this.base = base;
        this.queryParameters = queryParameters;
    }

    static Server weir(Path program, Path directory) throws IOException {
        int port = freePort();
        Path config = directory.resolve("weir.yml");
        Files.writeString(
                config, "data_dir: " + directory.resolve("data") + "\nquery: {listen: 127.0.0.1:" + port + "}\n");
        List<String> command = List.of(program.toString(), "query-server", "--config", config.toString());
        return new Server("weir", start(command, directory), base(port), Map.of());
    }

    static Server prometheus(Path program, Path directory) throws IOException {
        int port = freePort();
        Path config = directory.resolve("prometheus.yml");
        Files.writeString(config, "scrape_configs: []\n");
        List<String> command = List.of(
                program.toString(),
                "--config.file=" + config,
                "--storage.tsdb.path=" + directory.resolve("data"),
                "--web.listen-address=127.0.0.1:" + port,
                "--web.enable-remote-write-receiver");
        return new Server("prometheus", start(command, directory), base(port), Map.of());
    }

    /** Without its cache of results, which would answer a repeated query without evaluating it. */
    static Server victoriaMetrics(Path program, Path directory) throws IOException {
        int port = freePort();
        List<String> command = List.of(
                program.toString(),
                "-storageDataPath=" + directory.resolve("data"),
                "-httpListenAddr=127.0.0.1:" + port,
                "-retentionPeriod=10y");
        return new Server("victoria-metrics", start(command, directory), base(port), Map.of("nocache", "1"));
    }

    String name() {
        return name;
    }

    URI base() {
        return base;
    }

    /** Parameters that every query to this server carries. */
    Map<String, String> queryParameters() {
        return queryParameters;
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** What all of its threads have used so far, to a hundredth of a second. */
    double cpuSeconds() throws IOException {
        return ProcessCpu.seconds(process.pid());
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private static Process start(List<String> command, Path directory) throws IOException {
        return new ProcessBuilder(new ArrayList<>(command))
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("log").toFile())
                .start();
    }

    private static URI base(int port) {
        return URI.create("http://127.0.0.1:" + port);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
