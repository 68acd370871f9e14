package dev.weir.e2e;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** A fleet, the configuration that scrapes it, and {@code weir up} on both, which may be killed and started again. */
final class Scenario implements AutoCloseable {
    private static final Duration START_PAGE_LIMIT = Duration.ofSeconds(150);

    final Fleet fleet;
    final PromClient client;
    private final Path folder;
    private final Path config;
    private WeirProcess weir;

    private Scenario(Fleet fleet, Path folder, Path config, int port) throws IOException, InterruptedException {
        this.fleet = fleet;
        this.folder = folder;
        this.config = config;
        this.client = new PromClient(URI.create("http://127.0.0.1:" + port));
        this.weir = startWeir();
    }

    static Scenario start(Path folder, Fleet fleet, String interval) throws IOException, InterruptedException {
        int port = FreePort.next();
        Path config = folder.resolve("weir.yml");
        Files.writeString(config, """
                project: demo
                data_dir: %s
                scrape_configs:
                - job_name: fleet
                  scrape_interval: %s
                  scrape_timeout: 2s
                  file_sd_configs:
                  - {files: [%s], refresh_interval: 1s}
                query: {listen: "127.0.0.1:%d"}
                """.formatted(folder.resolve("data"), interval, fleet.targets, port));
        return new Scenario(fleet, folder, config, port);
    }

    void kill() throws InterruptedException {
        weir.kill();
    }

    void restart() throws IOException, InterruptedException {
        weir = startWeir();
    }

    private WeirProcess startWeir() throws IOException, InterruptedException {
        return WeirProcess.startAll(folder.resolve("weir.log"), "up", "--config", config.toString());
    }

    /** Where the embedded broker listens, as the start page says, which comes with the first results. */
    String kafkaAddress() throws InterruptedException {
        return Until.holds(
                "Kafka's address on the start page: ",
                START_PAGE_LIMIT,
                () -> kafkaAddress(weir.log()),
                address -> !address.isEmpty());
    }

    private static String kafkaAddress(String log) {
        return log.substring(Math.max(0, log.lastIndexOf("weir: starting Kafka broker")))
                .lines()
                .map(String::trim)
                .filter(line -> line.startsWith("Kafka "))
                .map(line -> line.substring("Kafka".length()).trim())
                .findFirst()
                .orElse("");
    }

    @Override
    public void close() {
        weir.close();
        fleet.close();
    }
}
