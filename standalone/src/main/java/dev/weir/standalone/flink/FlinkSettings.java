package dev.weir.standalone.flink;

import dev.weir.configuration.StateBackend;
import java.net.URI;
import java.time.Duration;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.ExecutionOptions;
import org.apache.flink.configuration.ExternalizedCheckpointRetention;
import org.apache.flink.configuration.JobManagerOptions;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.core.execution.CheckpointingMode;

/**
 * How the embedded Flink runs.
 *
 * @param slots subtasks at once; each job takes as many as its parallelism
 * @param parallelism of each job
 * @param stateBackend of all jobs
 * @param checkpointInterval also the step at which transactions commit, so the window
 */
public record FlinkSettings(int slots, int parallelism, StateBackend stateBackend, Duration checkpointInterval) {
    /** Where the web page listens: the first free port of these. */
    private static final String WEB_PORTS = "8081-8180";

    /** Memory of all of RocksDB's caches and write buffers, outside the heap. */
    private static final MemorySize ROCKSDB_MEMORY = MemorySize.ofMebiBytes(256);

    /**
     * Of a buffer between two tasks. Ten of them, which is what one task may be ahead of another, hold what a fetch from Kafka
     * brings of some hundred scrapes a second; with less both tasks wake each other up many times a fetch.
     */
    private static final MemorySize NETWORK_BUFFER = MemorySize.parse("256kb");

    /** For every two subtasks of a job, whose buffers grow with the square of their number. */
    private static final MemorySize NETWORK_MEMORY = MemorySize.ofMebiBytes(64);

    /** Of the cluster. */
    public Configuration cluster(int metricsPort) {
        Configuration c = Configuration.fromMap(stateBackend.flinkOptions());
        c.set(RestOptions.ADDRESS, "127.0.0.1");
        c.set(RestOptions.BIND_ADDRESS, "127.0.0.1");
        c.set(RestOptions.BIND_PORT, WEB_PORTS);
        c.set(JobManagerOptions.ADDRESS, "127.0.0.1");
        c.set(JobManagerOptions.BIND_HOST, "127.0.0.1");
        c.set(TaskManagerOptions.HOST, "127.0.0.1");
        c.set(TaskManagerOptions.BIND_HOST, "127.0.0.1");
        c.set(
                TaskManagerOptions.MANAGED_MEMORY_SIZE,
                stateBackend == StateBackend.ROCKSDB ? ROCKSDB_MEMORY : MemorySize.ofMebiBytes(1));
        int pairs = (parallelism + 1) / 2;
        MemorySize network = NETWORK_MEMORY.multiply(pairs);
        c.set(TaskManagerOptions.NETWORK_MEMORY_MIN, network);
        c.set(TaskManagerOptions.NETWORK_MEMORY_MAX, network);
        c.set(TaskManagerOptions.MEMORY_SEGMENT_SIZE, NETWORK_BUFFER);
        c.setString("metrics.reporter.weir.factory.class", LoopbackMetricsFactory.class.getName());
        c.setString("metrics.reporter.weir.port", Integer.toString(metricsPort));
        // Flink asks the cluster for this, not the job.
        c.set(CheckpointingOptions.MAX_RETAINED_CHECKPOINTS, 3);
        return c;
    }

    /** Of a job that keeps its checkpoints there. */
    public Configuration job(URI checkpoints) {
        Configuration c = Configuration.fromMap(stateBackend.flinkOptions());
        c.set(CoreOptions.DEFAULT_PARALLELISM, parallelism);
        c.set(PipelineOptions.GENERIC_TYPES, false);
        c.set(CheckpointingOptions.CHECKPOINT_STORAGE, "filesystem");
        c.set(CheckpointingOptions.CHECKPOINTS_DIRECTORY, checkpoints.toString());
        c.set(CheckpointingOptions.CHECKPOINTING_CONSISTENCY_MODE, CheckpointingMode.EXACTLY_ONCE);
        c.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, checkpointInterval);
        // For its checksums: what is damaged is found, and not counted on from.
        c.set(ExecutionOptions.SNAPSHOT_COMPRESSION, true);
        c.set(
                CheckpointingOptions.EXTERNALIZED_CHECKPOINT_RETENTION,
                ExternalizedCheckpointRetention.RETAIN_ON_CANCELLATION);
        c.set(CheckpointingOptions.TOLERABLE_FAILURE_NUMBER, Integer.MAX_VALUE);
        c.set(RestartStrategyOptions.RESTART_STRATEGY, "exponential-delay");
        c.set(RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_INITIAL_BACKOFF, Duration.ofMillis(200));
        c.set(RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_MAX_BACKOFF, Duration.ofSeconds(10));
        c.set(RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_RESET_BACKOFF_THRESHOLD, Duration.ofMinutes(1));
        return c;
    }
}
