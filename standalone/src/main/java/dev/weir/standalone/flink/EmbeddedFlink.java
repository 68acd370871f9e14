package dev.weir.standalone.flink;

import dev.weir.standalone.PortClaim;
import dev.weir.standalone.Ports;
import dev.weir.standalone.StartupException;
import dev.weir.standalone.flink.CheckpointFolder.Damaged;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Timer;
import java.util.TimerTask;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.api.common.JobSubmissionResult;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.execution.RecoveryClaimMode;
import org.apache.flink.runtime.executiongraph.ErrorInfo;
import org.apache.flink.runtime.jobgraph.SavepointRestoreSettings;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.graph.StreamGraph;
import org.apache.flink.util.FileUtils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Flink cluster in this process, with its web page on a loopback port. A job starts from its newest complete checkpoint
 * whatever ended the process before; checkpoints of earlier runs are deleted once the present run has one of its own.
 */
public final class EmbeddedFlink implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedFlink.class);

    private static final String ROCKSDB_FOLDER = "state.backend.rocksdb.localdir";
    private static final int FIRST_METRICS_PORT = 9249;
    private static final int PORTS = 100;
    private static final Duration SUBMIT_TIMEOUT = Duration.ofSeconds(60);
    private static final Duration FINAL_CHECKPOINT_TIMEOUT = Duration.ofSeconds(4);
    private static final Duration SWEEP_PERIOD = Duration.ofSeconds(5);
    private static final Duration CANCEL_TIMEOUT = Duration.ofSeconds(4);

    /** Where failures come from that are due to the state that a task begins with. */
    private static final Pattern RESTORING =
            Pattern.compile("StreamTaskStateInitializerImpl|LaneOperator\\.open|StateIo\\.");

    private final MiniCluster cluster;
    private final Path checkpoints;
    private final FlinkSettings settings;
    private final Damaged damaged;
    private final int metricsPort;
    private final List<Run> runs = new ArrayList<>();
    private final AtomicBoolean closed = new AtomicBoolean();
    /** Runs whose predecessors' checkpoints are still there. */
    private final Map<Run, CheckpointFolder> unswept = new ConcurrentHashMap<>();

    private final Timer sweeper = new Timer("weir-old-checkpoints", true);

    /** One job under way, and where it went on from. */
    private record Run(String name, JobID id, Optional<String> from) {}

    private EmbeddedFlink(
            MiniCluster cluster, Path checkpoints, FlinkSettings settings, Damaged damaged, int metricsPort) {
        this.cluster = cluster;
        this.checkpoints = checkpoints;
        this.settings = settings;
        this.damaged = damaged;
        this.metricsPort = metricsPort;
    }

    /** As the other one; a damaged checkpoint is refused. */
    public static EmbeddedFlink start(Path checkpoints, FlinkSettings settings) {
        return start(checkpoints, settings, Damaged.REFUSE);
    }

    /**
     * Starts a cluster that keeps its checkpoints under {@code checkpoints}.
     *
     * @param damaged what {@link #submit} does if a job's newest checkpoint is damaged
     * @throws StartupException if it does not start
     */
    public static EmbeddedFlink start(Path checkpoints, FlinkSettings settings, Damaged damaged) {
        EmbeddedFlink flink = bind(checkpoints, settings, damaged);
        flink.sweeper.schedule(
                new TimerTask() {
                    @Override
                    public void run() {
                        flink.sweep();
                    }
                },
                SWEEP_PERIOD.toMillis(),
                SWEEP_PERIOD.toMillis());
        return flink;
    }

    /** Where RocksDB may write; empty, since a process that was killed leaves its files there. */
    private static Path rocksDb(Path checkpoints) {
        Path folder = checkpoints.resolveSibling("rocksdb");
        FileUtils.deleteDirectoryQuietly(folder.toFile());
        return folder;
    }

    private static EmbeddedFlink bind(Path checkpoints, FlinkSettings settings, Damaged damaged) {
        try {
            return PortClaim.during(() -> {
                int metricsPort = Ports.freeFrom(FIRST_METRICS_PORT, PORTS);
                Configuration clusterSettings = settings.cluster(metricsPort);
                clusterSettings.setString(
                        ROCKSDB_FOLDER, rocksDb(checkpoints).toAbsolutePath().toString());
                MiniCluster cluster = new MiniCluster(new MiniClusterConfiguration.Builder()
                        .setConfiguration(clusterSettings)
                        .setNumTaskManagers(1)
                        .setNumSlotsPerTaskManager(settings.slots())
                        .build());
                cluster.start();
                return new EmbeddedFlink(cluster, checkpoints, settings, damaged, metricsPort);
            });
        } catch (Exception e) {
            throw new StartupException("embedded Flink: does not start: " + e, e);
        }
    }

    /**
     * Submits a job under a name that is the same at every start.
     *
     * @throws StartupException if it cannot be built or is refused, or its newest checkpoint is
     */
    public void submit(String name, FlinkJob.Builder builder) {
        CheckpointFolder folder = CheckpointFolder.in(checkpoints.resolve(folderName(name)));
        Configuration jobSettings = settings.job(folder.path().toUri());
        try {
            StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment(jobSettings);
            builder.build(env);
            StreamGraph graph = env.getStreamGraph();
            graph.setJobName(name);
            Optional<org.apache.flink.core.fs.Path> newest = folder.newest(damaged);
            if (newest.isPresent()) {
                graph.setSavepointRestoreSettings(
                        SavepointRestoreSettings.forPath(newest.get().toString(), false, RecoveryClaimMode.NO_CLAIM));
                LOG.info("job {}: goes on from {}", name, CheckpointFolder.text(newest.get()));
            } else {
                LOG.info("job {}: first start", name);
            }
            JobSubmissionResult submitted =
                    cluster.submitJob(graph.getJobGraph()).get(SUBMIT_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
            Run run = new Run(name, submitted.getJobID(), newest.map(CheckpointFolder::text));
            runs.add(run);
            unswept.put(run, folder);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StartupException("interrupted while starting job " + name, e);
        } catch (ExecutionException e) {
            throw new StartupException("job " + name + ": refused: " + e.getCause(), e);
        } catch (StartupException e) {
            throw e;
        } catch (Exception e) {
            throw new StartupException("job " + name + ": " + e.getMessage(), e);
        }
    }

    /** Flink's web page. */
    public URI webUrl() {
        return cluster.getRestAddress().join();
    }

    /** Where the jobs' metrics are, in Prometheus' text format. */
    public URI metricsUrl() {
        return URI.create("http://127.0.0.1:" + metricsPort + "/metrics");
    }

    /** Whether some job has ended for good, which none should; names it. */
    public Optional<String> endedJob() {
        for (Run run : runs) {
            JobStatus status = cluster.getJobStatus(run.id()).join();
            if (status.isGloballyTerminalState()) {
                return Optional.of(run.name() + " is " + status);
            }
        }
        return Optional.empty();
    }

    /**
     * Does nothing unless some job's state cannot be restored, which no further attempt would change.
     *
     * @throws StartupException if so; it names the checkpoint
     */
    public void requireRestored() {
        for (Run run : runs) {
            run.from().ifPresent(from -> {
                ErrorInfo failure = cluster.getExecutionGraph(run.id()).join().getFailureInfo();
                if (failure != null
                        && RESTORING.matcher(failure.getExceptionAsString()).find()) {
                    Throwable cause = failure.getException().deserializeError(EmbeddedFlink.class.getClassLoader());
                    while (cause.getCause() != null) {
                        cause = cause.getCause();
                    }
                    throw new StartupException("checkpoint " + from + ": job " + run.name()
                            + " cannot go on from it: " + cause
                            + " (expected: state as it was written; if it is damaged,"
                            + " delete it, and " + CheckpointFolder.TO_GO_BACK + ")");
                }
            });
        }
    }

    /**
     * Stops all jobs, each after a last checkpoint if it completes in time, then the cluster. A second call does nothing.
     */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        sweeper.cancel();
        await("last checkpoints", FINAL_CHECKPOINT_TIMEOUT, run -> cluster.triggerCheckpoint(run.id()));
        await("cancellation", CANCEL_TIMEOUT, run -> cluster.cancelJob(run.id()).thenCompose(ok -> ended(run)));
        try {
            cluster.closeAsync().get(CANCEL_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("embedded Flink: does not stop cleanly: {}", e.toString());
        }
    }

    private CompletableFuture<?> ended(Run run) {
        return cluster.requestJobResult(run.id());
    }

    /** An action on a job that takes a while. */
    @FunctionalInterface
    private interface JobAction {
        CompletableFuture<?> start(Run run);
    }

    private void await(String what, Duration timeout, JobAction action) {
        CompletableFuture<?>[] all = runs.stream()
                .map(run -> action.start(run).exceptionally(failure -> {
                    LOG.info("job {}: {}: {}", run.name(), what, failure.toString());
                    return null;
                }))
                .toArray(CompletableFuture<?>[]::new);
        try {
            CompletableFuture.allOf(all).get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.info("{} not complete within {}; the next start goes on from earlier ones", what, timeout);
        }
    }

    /** A name that is safe in any file system, and another one for each job. */
    static String folderName(String jobName) {
        String safe = jobName.replaceAll("[^A-Za-z0-9_-]", "_");
        return safe.equals(jobName) ? safe : safe + "." + Integer.toHexString(jobName.hashCode());
    }

    private void sweep() {
        try {
            unswept.entrySet()
                    .removeIf(entry -> entry.getValue()
                            .forgetRunsBefore(entry.getKey().id().toHexString()));
        } catch (UncheckedIOException e) {
            LOG.warn("old checkpoints stay for now: {}", e.toString());
        }
    }
}
