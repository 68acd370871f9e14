package dev.weir.standalone;

import dev.weir.standalone.flink.FlinkCluster;
import dev.weir.standalone.flink.FlinkCluster.Running;
import dev.weir.standalone.flink.FlinkJob;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Brings the jobs of a cluster to what is wanted: one that runs as it is wanted is left alone, one that was built from
 * something else goes on from a savepoint as the new one, one that is wanted no more ends with a savepoint.
 */
public final class Submission {
    private final FlinkCluster cluster;
    private final Consumer<String> progress;

    /** @param progress is told of each step, in a line */
    public Submission(FlinkCluster cluster, Consumer<String> progress) {
        this.cluster = cluster;
        this.progress = progress;
    }

    /**
     * Starts, changes and ends jobs.
     *
     * @param from states that jobs are to go on from, by their names, in place of their newest
     * @throws StartupException if a name in {@code from} is no job's, another program's job has a name of ours, or a job
     *     does not run
     */
    public void apply(List<FlinkJob> jobs, Map<String, String> from) throws InterruptedException {
        Set<String> names = jobs.stream().map(FlinkJob::name).collect(Collectors.toSet());
        for (String name : from.keySet()) {
            if (!names.contains(name)) {
                throw new StartupException("--from " + name + " (expected: one of " + String.join(", ", names) + ")");
            }
        }
        List<Running> running = cluster.running();
        for (Running job : running) {
            if (names.contains(job.name()) && job.fingerprint() == null) {
                throw new StartupException("job " + job.name()
                        + ": runs already, submitted by something else (expected: no job of this name; cancel it)");
            }
        }
        for (Running job : ours(running)) {
            if (!names.contains(job.name())) {
                progress.accept(job.name() + ": not configured any more");
                stop(job);
            }
        }
        for (FlinkJob job : jobs) {
            apply(job, running, Optional.ofNullable(from.get(job.name())));
        }
    }

    private void apply(FlinkJob job, List<Running> running, Optional<String> from) throws InterruptedException {
        boolean isFirst = true;
        for (Running one : running) {
            if (one.name().equals(job.name())) {
                if (from.isEmpty() && cluster.wanted(job).equals(one.fingerprint())) {
                    progress.accept(job.name() + ": runs as it is configured");
                    return;
                }
                progress.accept(job.name() + ": changes");
                stop(one);
                isFirst = false;
            }
        }
        Optional<String> state = from.or(() -> cluster.newestState(job.name()));
        if (state.isEmpty() && !isFirst) {
            throw new StartupException("job " + job.name() + ": stopped, but left no state (expected: a savepoint)");
        }
        progress.accept(
                job.name() + ": " + state.map(path -> "goes on from " + path).orElse("first start"));
        progress.accept(job.name() + ": runs, " + cluster.submit(job, state));
    }

    /** Ends all jobs of ours, each after a savepoint. */
    public void stopAll() {
        List<Running> all = new ArrayList<>(ours(cluster.running()));
        if (all.isEmpty()) {
            progress.accept("no job runs");
        }
        all.forEach(this::stop);
    }

    private void stop(Running job) {
        progress.accept(job.name() + ": stopping with a savepoint");
        progress.accept(job.name() + ": stopped, "
                + cluster.stop(job)
                        .map(path -> "savepoint " + path)
                        .orElse("without a savepoint, since it could make none; its newest checkpoint stays"));
    }

    private static List<Running> ours(List<Running> running) {
        return running.stream().filter(job -> job.fingerprint() != null).toList();
    }
}
