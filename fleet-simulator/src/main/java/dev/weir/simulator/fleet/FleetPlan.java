package dev.weir.simulator.fleet;

import dev.weir.simulator.engine.FinishedRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Everything that decides what a fleet does.
 *
 * @param seed of all that looks random
 * @param host the address in the targets file
 * @param workloads what runs
 * @param churn how pods come and go
 * @param loadFactor multiplies every request rate
 * @param retention how long raw observations are kept for {@code /truth/rates}
 * @param clock tells the time
 * @param sdFile the targets file, or null for none
 * @param finished told of each request that a vLLM server finishes, when the server is read next; must not wait
 */
public record FleetPlan(
        long seed,
        String host,
        List<Workload> workloads,
        Churn churn,
        double loadFactor,
        Duration retention,
        InstantSource clock,
        @Nullable Path sdFile,
        Consumer<FinishedRequest> finished) {
    public FleetPlan {
        workloads = List.copyOf(workloads);
        if (workloads.isEmpty()) {
            throw new IllegalArgumentException("workloads: none (expected: at least one)");
        }
        if (!(loadFactor > 0 && loadFactor <= 1000)) {
            throw new IllegalArgumentException("load factor: " + loadFactor + " (expected: > 0 and <= 1000)");
        }
        if (retention.isNegative() || retention.compareTo(Duration.ofHours(6)) > 0) {
            throw new IllegalArgumentException("retention: " + retention + " (expected: 0 to 6 h)");
        }
    }
}
