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
public final class Server implements AutoCloseable {
    private static final long STOP_SECONDS = 60;

    private final String name;
    private final Process process;
    private final Path directory;
    private final URI base;
    private final Map<String, String> queryParameters;

    private Server(String name, Process process, Path directory, URI base, Map<String, String> queryParameters) {
        this.name = name;
        this.process = process;
        this.directory = directory;
        this.base = base;
        this.queryParameters = queryParameters;
    }

    /** {@code ./weir query-server}; on what is in the directory already, if it was there before. */
    public static Server weir(Path program, Path directory) throws IOException {
        int port = freePort();
        Path config = directory.resolve("weir.yml");
        Files.writeString(
                config, "data_dir: " + directory.resolve("data") + "\nquery: {listen: 127.0.0.1:" + port + "}\n");
        List<String> command = List.of(program.toString(), "query-server", "--config", config.toString());
        return new Server("weir", start(command, directory), directory, base(port), Map.of());
    }

    public static Server prometheus(Path program, Path directory) throws IOException {
        int port = freePort();
        Path config = directory.resolve("prometheus.yml");
        Files.writeString(config, "scrape_configs: []\n");
        List<String> command = List.of(
                program.toString(),
                "--config.file=" + config,
                "--storage.tsdb.path=" + directory.resolve("data"),
                "--web.listen-address=127.0.0.1:" + port,
                "--web.enable-remote-write-receiver",
                "--web.enable-admin-api");
        return new Server("prometheus", start(command, directory), directory, base(port), Map.of());
    }

    /** Without its cache of results, which would answer a repeated query without evaluating it. */
    public static Server victoriaMetrics(Path program, Path directory) throws IOException {
        int port = freePort();
        List<String> command = List.of(
                program.toString(),
                "-storageDataPath=" + directory.resolve("data"),
                "-httpListenAddr=127.0.0.1:" + port,
                "-retentionPeriod=10y");
        return new Server("victoria-metrics", start(command, directory), directory, base(port), Map.of("nocache", "1"));
    }

    public String name() {
        return name;
    }

    public URI base() {
        return base;
    }

    /** Parameters that every query to this server carries. */
    Map<String, String> queryParameters() {
        return queryParameters;
    }

    public long pid() {
        return process.pid();
    }

    /** Where it keeps its data, and nothing else. */
    public Path data() {
        return directory.resolve("data");
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** What all of its threads have used so far, to a hundredth of a second. */
    public double cpuSeconds() throws IOException {
        return ProcessCpu.seconds(process.pid());
    }

    /** What of {@link #cpuSeconds} the compilers of a JVM have used; 0 for other programs. */
    public double compilerSeconds() throws IOException {
        return ProcessCpu.compilerSeconds(process.pid());
    }

    /** Ends it without a chance to write anything. */
    public void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** Asks it to end, and ends it after some time. */
    public void stop() {
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

    @Override
    public void close() {
        stop();
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
