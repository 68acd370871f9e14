package dev.weir.benchmarks.fleetrun;

import dev.weir.benchmarks.sidebyside.Directories;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Scrapes simulated vLLM pods through {@code ./weir up} and tells whether it keeps up, how old its newest complete window
 * is, and whether its live heap grows. Ends with 1 if one of them misses its bound.
 */
@Command(name = "thousand-pods", mixinStandardHelpOptions = true)
public final class ThousandPods implements Callable<Integer> {
    @Option(names = "--pods", description = "simulated vLLM pods (${DEFAULT-VALUE})")
    int pods = 1_000;

    @Option(names = "--minutes", description = "how long, at least 4 (${DEFAULT-VALUE})")
    int minutes = 10;

    @Option(names = "--interval-seconds", description = "between two scrapes of a pod (${DEFAULT-VALUE})")
    int intervalSeconds = 10;

    @Option(names = "--weir", required = true, description = "Weir's launcher")
    Path weir = Path.of("weir");

    @Option(names = "--directory", description = "takes logs and data, which stay there; by default they are deleted")
    @Nullable
    Path directory;

    public static void main(String[] args) {
        System.exit(new CommandLine(new ThousandPods()).execute(args));
    }

    @Override
    public Integer call() throws Exception {
        if (minutes <= Watch.FIRST_HEAP_MINUTE) {
            System.err.println("--minutes: " + minutes + " (expected: more than " + Watch.FIRST_HEAP_MINUTE + ")");
            return 2;
        }
        if (directory != null) {
            return run(Files.createDirectories(directory)) ? 0 : 1;
        }
        Path scratch = Files.createTempDirectory("thousand-pods");
        boolean fine = run(scratch);
        Directories.delete(scratch);
        return fine ? 0 : 1;
    }

    private boolean run(Path base) throws IOException, InterruptedException {
        Path targets = base.resolve("targets.json");
        Files.deleteIfExists(targets);
        Process fleet = startFleet(base, targets);
        try {
            awaitTargets(fleet, targets);
            // Chosen now, since the fleet has taken a thousand ports.
            int port = freePort();
            Path config = base.resolve("weir.yml");
            Files.writeString(config, config(base, targets, port));
            try (WeirProcess running = WeirProcess.start(weir, config, port, base.resolve("weir.log"))) {
                Watch watch = new Watch(running, fleet, pods, intervalSeconds);
                watch.run(minutes, base);
                return watch.report();
            }
        } finally {
            fleet.destroy();
            fleet.waitFor(20, TimeUnit.SECONDS);
            fleet.destroyForcibly();
        }
    }

    private String config(Path base, Path targets, int port) {
        return String.join(
                "\n",
                "data_dir: " + base.resolve("data"),
                "scrape_configs:",
                "- job_name: vllm",
                "  scrape_interval: " + intervalSeconds + "s",
                "  file_sd_configs: [{files: [\"" + targets + "\"]}]",
                "query: {listen: 127.0.0.1:" + port + "}",
                "");
    }

    private Process startFleet(Path base, Path targets) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx3g",
                        "-cp",
                        System.getProperty("java.class.path"),
                        PodFleet.class.getName(),
                        targets.toString(),
                        Integer.toString(pods))
                .redirectErrorStream(true)
                .redirectOutput(base.resolve("fleet.log").toFile())
                .start();
    }

    private static void awaitTargets(Process fleet, Path targets) throws IOException, InterruptedException {
        while (!Files.exists(targets)) {
            if (!fleet.isAlive()) {
                throw new IOException("fleet: ended with " + fleet.exitValue() + " (expected: to run)");
            }
            Thread.sleep(100);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
