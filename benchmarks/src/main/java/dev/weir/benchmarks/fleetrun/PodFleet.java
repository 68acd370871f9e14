package dev.weir.benchmarks.fleetrun;

import dev.weir.simulator.FleetOptions;
import dev.weir.simulator.FleetSimulator;
import dev.weir.simulator.fleet.EngineKind;
import dev.weir.simulator.fleet.Workload;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/**
 * The simulated fleet in a process of its own: the arguments are its targets file and how many pods. A pod of one rank
 * exposes 567 series, one of two ranks 1,076; two in five have two, so that the mean is 776.
 */
final class PodFleet {
    private static final int PIPELINES = 10;
    private static final double SHARE_OF_TWO_RANKS = 0.41;
    private static final double REQUESTS_PER_SECOND = 2;

    private PodFleet() {}

    @SuppressWarnings("resource") // Until the process is killed.
    public static void main(String[] args) throws Exception {
        FleetSimulator.start(FleetOptions.builder()
                .workloads(workloads(Integer.parseInt(args[1])))
                .sdFile(Path.of(args[0]))
                .retention(Duration.ZERO)
                .build());
        new CountDownLatch(1).await();
    }

    private static List<Workload> workloads(int pods) {
        List<Workload> workloads = new ArrayList<>();
        int doubles = (int) Math.round(pods * SHARE_OF_TWO_RANKS);
        for (int i = 0; i < PIPELINES; i++) {
            add(workloads, "chat-" + i, 1, share(pods - doubles, i));
            add(workloads, "code-" + i, 2, share(doubles, i));
        }
        return workloads;
    }

    private static int share(int pods, int pipeline) {
        return pods * (pipeline + 1) / PIPELINES - pods * pipeline / PIPELINES;
    }

    private static void add(List<Workload> workloads, String pipeline, int ranks, int pods) {
        if (pods > 0) {
            workloads.add(new Workload(
                    EngineKind.VLLM, "default", pipeline, 1, "llama-3.1-8b", pods, ranks, REQUESTS_PER_SECOND));
        }
    }
}
