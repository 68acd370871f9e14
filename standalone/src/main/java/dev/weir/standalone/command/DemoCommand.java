package dev.weir.standalone.command;

import dev.weir.configuration.WeirConfig;
import dev.weir.simulator.FleetOptions;
import dev.weir.simulator.FleetSimulator;
import dev.weir.simulator.fleet.Churn;
import dev.weir.standalone.Ports;
import dev.weir.standalone.Standalone;
import dev.weir.standalone.StartupException;
import dev.weir.standalone.flink.CheckpointFolder.Damaged;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description = "Runs everything in one process with a simulated fleet, until it is stopped.")
final class DemoCommand implements Callable<Integer> {
    private static final int FIRST_TRUTH_PORT = 9096;
    private static final int TRUTH_PORTS = 50;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Option(
            names = "--data-dir",
            defaultValue = "./weir-data",
            paramLabel = "DIR",
            description = "Where everything is kept (default: ${DEFAULT-VALUE}).")
    @SuppressWarnings("NullAway.Init")
    private Path dataDir;

    @Option(
            names = "--port",
            defaultValue = "9095",
            description = "Loopback port of the query server (default: ${DEFAULT-VALUE}).")
    private int port;

    @Option(
            names = "--churn",
            defaultValue = "none",
            description = "How pods come and go: none, gentle or heavy (default: ${DEFAULT-VALUE}).")
    @SuppressWarnings("NullAway.Init")
    private String churn;

    @Option(names = "--seed", defaultValue = "1", description = "Of the simulated load (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(
            names = "--from-older-checkpoint",
            description =
                    "If a job's newest checkpoint is damaged, go on from the one before; without this it is refused.")
    private boolean fromOlderCheckpoint;

    @Override
    public Integer call() throws InterruptedException {
        Path folder = dataDir.toAbsolutePath().normalize().resolve("demo");
        WeirConfig config = writeConfig(folder);
        DemoRequests requests =
                new DemoRequests(config.project(), config.kafka().topics().requests());
        FleetOptions fleet = fleetOptions(folder, requests);
        PrintWriter out = spec.commandLine().getOut();
        Foreground.run(foreground -> {
            out.println("weir: starting a simulated fleet");
            try (requests;
                    FleetSimulator simulator = startFleet(fleet)) {
                new StandaloneRun(config, fromOlderCheckpoint ? Damaged.TAKE_OLDER : Damaged.REFUSE, out)
                        .untilStopped(foreground, (page, addresses) -> {
                            requests.connect(addresses.kafka());
                            printDemo(page, addresses, simulator.adminUri(), folder);
                        });
            }
        });
        return 0;
    }

    private FleetOptions fleetOptions(Path folder, DemoRequests requests) {
        try {
            return FleetOptions.builder()
                    .seed(seed)
                    .churn(Churn.named(churn))
                    .adminPort(Ports.freeFrom(FIRST_TRUTH_PORT, TRUTH_PORTS))
                    .sdFile(folder.resolve("targets.json"))
                    .finished(requests)
                    .build();
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
    }

    private static FleetSimulator startFleet(FleetOptions options) {
        try {
            return FleetSimulator.start(options);
        } catch (IOException e) {
            throw new StartupException("simulated fleet: " + e.getMessage(), e);
        }
    }

    /** A configuration like anyone's, left in the data directory to be looked at and tried out. */
    private WeirConfig writeConfig(Path folder) {
        if (port < 0 || port > 65_535) {
            throw new ParameterException(spec.commandLine(), "--port " + port + " (expected: 0 to 65535)");
        }
        String yaml = """
                # What ./weir demo runs; ./weir up --config with this file does the same while a demo's fleet is there.
                project: demo
                data_dir: ..
                scrape_configs:
                  - job_name: demo-fleet
                    scrape_interval: 5s
                    scrape_timeout: 4s
                    file_sd_configs:
                      - files: [targets.json]
                        refresh_interval: 1s
                aggregation:
                  views: [crusoe, wallaroo]
                query:
                  listen: 127.0.0.1:%d
                """.formatted(port);
        Path file = folder.resolve("weir.yml");
        try {
            Files.createDirectories(folder);
            Files.writeString(file, yaml);
        } catch (IOException e) {
            throw new StartupException("--data-dir " + dataDir + ": cannot be written: " + e, e);
        }
        return WeirConfig.load(file);
    }

    private static void printDemo(PrintWriter out, Standalone.Addresses addresses, URI truth, Path folder) {
        String api = addresses.query() + "/api/v1/query";
        StartPage.row(out, "truth", truth + "/truth");
        StartPage.row(out, "config", folder.resolve("weir.yml"));
        out.println();
        out.println("Ask it, for example:");
        out.println();
        for (String query : new String[] {
            "sum by (kubernetes_namespace) (rate(vllm:generation_tokens_total[10s]))",
            "histogram_quantile(0.99, sum by (le, pipeline_name) (rate(vllm:time_to_first_token_seconds_bucket[1m]))) * 1000",
            "sum by (pipeline_name) (rate(tensor_throughput_batch_count[10s]))",
            "histogram_quantile(0.99, sum by (pipeline_name) (rate(inference_time_to_first_token_seconds{source=\"requests\"}[1m])))"
        }) {
            out.println("  curl -s " + api + " --data-urlencode 'query=" + query + "'");
        }
        out.println();
        out.println("or, in another terminal: ./weir query --url " + addresses.query()
                + " --range 10m 'sum by (model_name) (rate(vllm:generation_tokens_total[30s]))'");
        out.println();
        out.println("Ctrl-C stops it; the next start goes on from here.");
    }
}
