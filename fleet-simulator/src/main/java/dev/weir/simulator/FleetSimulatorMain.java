package dev.weir.simulator;

import dev.weir.simulator.fleet.Churn;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The simulated fleet as a process of its own: prints one line with its addresses, runs until SIGTERM or SIGINT. */
@Command(
        name = "fleet-simulator",
        mixinStandardHelpOptions = true,
        description = "Simulates a fleet of inference engines.")
public final class FleetSimulatorMain implements Callable<Integer> {
    @Option(names = "--seed", defaultValue = "1", description = "Of all that looks random (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(names = "--host", defaultValue = "127.0.0.1", description = "Listen here (default: ${DEFAULT-VALUE}).")
    private String host = "";

    @Option(names = "--base-port", defaultValue = "0", description = "First pod port; 0: any (default).")
    private int basePort;

    @Option(names = "--admin-port", defaultValue = "0", description = "Port of /truth and /control; 0: any (default).")
    private int adminPort;

    @Option(
            names = "--vllm-pods",
            defaultValue = "3",
            description = "Pods per vLLM pipeline (default: ${DEFAULT-VALUE}).")
    private int vllmPods;

    @Option(names = "--wallaroo-pods", defaultValue = "2", description = "Pods per Wallaroo pipeline (default: 2).")
    private int wallarooPods;

    @Option(names = "--torchserve-pods", defaultValue = "1", description = "Pods of TorchServe (default: 1).")
    private int torchServePods;

    @Option(names = "--gie-pods", defaultValue = "1", description = "Endpoint pickers (default: 1).")
    private int giePods;

    @Option(names = "--cadvisor-nodes", defaultValue = "1", description = "Nodes with a cAdvisor (default: 1).")
    private int cadvisorNodes;

    @Option(names = "--load-factor", defaultValue = "1", description = "Multiplies every request rate (default: 1).")
    private double loadFactor;

    @Option(names = "--churn", defaultValue = "none", description = "none (default), gentle or heavy.")
    private String churn = "";

    @Option(names = "--project-id", defaultValue = "demo", description = "Project of the targets (default: demo).")
    private String projectId = "";

    @Option(names = "--sd-file", required = true, description = "The Prometheus file_sd file to keep up to date.")
    private Path sdFile = Path.of("");

    /** Runs until it is stopped; exit code 2 for bad usage, 1 if a port or file cannot be had. */
    public static void main(String[] args) {
        System.exit(new CommandLine(new FleetSimulatorMain()).execute(args));
    }

    @Override
    public Integer call() throws InterruptedException {
        FleetOptions options;
        try {
            options = options();
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            return 2;
        }
        CountDownLatch stop = new CountDownLatch(1);
        CountDownLatch stopped = new CountDownLatch(1);
        try (FleetSimulator simulator = FleetSimulator.start(options)) {
            Runtime.getRuntime().addShutdownHook(new Thread(() -> awaitStop(stop, stopped)));
            System.out.println("fleet simulator: targets in " + sdFile.toAbsolutePath() + ", truth at "
                    + simulator.adminUri() + "/truth");
            stop.await();
        } catch (IOException e) {
            System.err.println(e.getMessage());
            return 1;
        } finally {
            stopped.countDown();
        }
        return 0;
    }

    /** The virtual machine halts when its hooks return, so this one waits until every port is closed. */
    private static void awaitStop(CountDownLatch stop, CountDownLatch stopped) {
        stop.countDown();
        try {
            stopped.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private FleetOptions options() {
        return FleetOptions.builder()
                .seed(seed)
                .host(host)
                .basePort(basePort)
                .adminPort(adminPort)
                .vllmPods(vllmPods)
                .wallarooPods(wallarooPods)
                .torchServePods(torchServePods)
                .giePods(giePods)
                .cadvisorNodes(cadvisorNodes)
                .loadFactor(loadFactor)
                .churn(Churn.named(churn))
                .projectId(projectId)
                .sdFile(sdFile)
                .build();
    }
}
