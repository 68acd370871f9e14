package dev.weir.benchmarks.ingest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Others that scrape the pages of a {@link PageServer}, each as a process whose files are in {@code directory}. */
record Peers(Path directory, String pages, int targets, int intervalSeconds) {
    private static final String VMAGENT_AGGREGATION = """
            - match: '{__name__=~".+(_total|_bucket|_count|_sum)"}'
              interval: 5s
              without: [instance, pod, engine]
              outputs: [total]
            """;

    /** Scrapes into its database. */
    Process prometheus(Path program) throws IOException {
        Path config = directory.resolve("prometheus.yml");
        Files.writeString(config, scrapeConfig());
        return start(
                List.of(
                        program.toString(),
                        "--config.file=" + config,
                        "--storage.tsdb.path=" + directory.resolve("prometheus"),
                        "--web.listen-address=127.0.0.1:0"),
                directory.resolve("prometheus.log"),
                Map.of());
    }

    /** Sums up what it scrapes, and writes that to the server of the pages. */
    Process vmagent(Path program) throws IOException {
        Path config = directory.resolve("vmagent.yml");
        Files.writeString(config, scrapeConfig());
        Path aggregation = directory.resolve("aggregation.yml");
        Files.writeString(aggregation, VMAGENT_AGGREGATION);
        Path libraries = program.resolveSibling("../lib/x86_64-linux-gnu").normalize();
        return start(
                List.of(
                        program.toString(),
                        "-promscrape.config=" + config,
                        "-remoteWrite.url=http://" + pages + "/write",
                        "-remoteWrite.streamAggr.config=" + aggregation,
                        "-remoteWrite.tmpDataPath=" + directory.resolve("vmagent"),
                        "-httpListenAddr=127.0.0.1:0"),
                directory.resolve("vmagent.log"),
                Map.of("LD_LIBRARY_PATH", libraries.toString()));
    }

    private String scrapeConfig() {
        StringBuilder config = new StringBuilder("global: {scrape_interval: " + intervalSeconds
                + "s}\nscrape_configs:\n- job_name: vllm\n  static_configs:\n");
        for (int target = 0; target < targets; target++) {
            config.append(String.format(
                    Locale.ROOT,
                    "  - {targets: [\"%s\"], labels: {__metrics_path__: /%d/metrics, instance: pod-%d, pod: vllm-chat-%d,"
                            + " namespace: inference, pipeline_name: chat-%d}}%n",
                    pages,
                    target,
                    target,
                    target,
                    target % 10));
        }
        return config.toString();
    }

    static Process start(List<String> command, Path log, Map<String, String> environment) throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().putAll(environment);
        return builder.start();
    }
}
