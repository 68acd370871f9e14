package dev.weir.e2e.failure;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.configuration.StateBackend;
import dev.weir.standalone.Ports;
import dev.weir.standalone.StartupException;
import dev.weir.standalone.flink.CheckpointFolder;
import dev.weir.standalone.flink.CheckpointFolder.Damaged;
import dev.weir.standalone.flink.FlinkJob;
import dev.weir.standalone.flink.FlinkSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.StreamSupport;
import org.apache.flink.api.common.JobID;
import org.apache.flink.core.execution.RecoveryClaimMode;
import org.apache.flink.runtime.executiongraph.AccessExecutionGraph;
import org.apache.flink.runtime.highavailability.nonha.embedded.HaLeadershipControl;
import org.apache.flink.runtime.jobgraph.SavepointRestoreSettings;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.graph.StreamGraph;

/** Two task managers and a job manager, set up as the program's own, of which each can be lost. */
final class Cluster implements AutoCloseable {
    static final int PARALLELISM = 2;
    private static final int TASK_MANAGERS = 2;
    private static final int JOBS = 2;
    private static final int FIRST_PORT = 9500;
    private static final long LIMIT_SECONDS = 60;

    private final FlinkSettings settings;
    private final Map<String, FlinkJob.Builder> builders = new LinkedHashMap<>();
    private final Map<String, Path> folders = new LinkedHashMap<>();
    private final Map<String, JobID> jobs = new LinkedHashMap<>();
    private final Deque<Integer> taskManagers = new ArrayDeque<>();
    private MiniCluster cluster;
    private int startedTaskManagers;
    private int formerRestarts;

    Cluster(Duration window) throws Exception {
        // As many slots as are needed, so that each task manager has tasks to lose.
        settings = new FlinkSettings(PARALLELISM * JOBS / TASK_MANAGERS, PARALLELISM, StateBackend.HEAP, window);
        cluster = startCluster();
    }

    private MiniCluster startCluster() throws Exception {
        MiniCluster started = new MiniCluster(new MiniClusterConfiguration.Builder()
                .setConfiguration(settings.cluster(Ports.freeFrom(FIRST_PORT, 100)))
                .setNumTaskManagers(TASK_MANAGERS)
                .setNumSlotsPerTaskManager(settings.slots())
                .setHaServices(MiniCluster.HaServices.WITH_LEADERSHIP_CONTROL)
                .build());
        started.start();
        taskManagers.clear();
        for (startedTaskManagers = 0; startedTaskManagers < TASK_MANAGERS; startedTaskManagers++) {
            taskManagers.addLast(startedTaskManagers);
        }
        return started;
    }

    /** Submits a job that keeps its checkpoints in a folder of its own. */
    void submit(String name, Path checkpoints, FlinkJob.Builder builder) throws Exception {
        builders.put(name, builder);
        folders.put(name, checkpoints);
        submit(name, Damaged.REFUSE);
    }

    private void submit(String name, Damaged damaged) throws Exception {
        CheckpointFolder folder = CheckpointFolder.in(get(folders, name));
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment(
                settings.job(get(folders, name).toUri()));
        get(builders, name).build(env);
        StreamGraph graph = env.getStreamGraph();
        graph.setJobName(name);
        Optional<org.apache.flink.core.fs.Path> newest = folder.newest(damaged);
        newest.ifPresent(path -> graph.setSavepointRestoreSettings(
                SavepointRestoreSettings.forPath(path.toString(), false, RecoveryClaimMode.NO_CLAIM)));
        jobs.put(
                name,
                cluster.submitJob(graph.getJobGraph())
                        .get(LIMIT_SECONDS, TimeUnit.SECONDS)
                        .getJobID());
    }

    /** The oldest task manager is lost, and another one comes. */
    void loseTaskManager() throws Exception {
        cluster.terminateTaskManager(taskManagers.removeFirst()).get(LIMIT_SECONDS, TimeUnit.SECONDS);
        cluster.startTaskManager();
        taskManagers.addLast(startedTaskManagers++);
    }

    /** The job's manager is lost, and another one takes over. */
    void loseJobManager(String name) throws Exception {
        noteRestarts(name);
        formerRestarts++;
        HaLeadershipControl control = cluster.getHaLeadershipControl().orElseThrow();
        control.revokeJobMasterLeadership(get(jobs, name)).get(LIMIT_SECONDS, TimeUnit.SECONDS);
        control.grantJobMasterLeadership(get(jobs, name)).get(LIMIT_SECONDS, TimeUnit.SECONDS);
    }

    /** All of it is lost; another one goes on from the newest checkpoints on disk. */
    void loseAll() throws Exception {
        lose();
        goOn();
    }

    /** All of it is lost, until {@link #goOn}. */
    void lose() throws Exception {
        for (String name : jobs.keySet()) {
            noteRestarts(name);
            formerRestarts++;
        }
        cluster.closeAsyncWithoutCleaningHighAvailabilityData().get(LIMIT_SECONDS, TimeUnit.SECONDS);
    }

    void goOn() throws Exception {
        cluster = startCluster();
        for (String name : builders.keySet()) {
            submit(name, Damaged.REFUSE);
        }
    }

    /** All of it is lost, and the job's newest checkpoint damaged: it is refused, then another one goes on from the one before. */
    void loseAllAndCheckpoint(String name) throws Exception {
        lose();
        CheckpointFolder folder = CheckpointFolder.in(get(folders, name));
        Path newest = Path.of(folder.newest(Damaged.REFUSE).orElseThrow().getPath());
        Path metadata = newest.resolve("_metadata");
        byte[] bytes = Files.readAllBytes(metadata);
        Files.write(metadata, Arrays.copyOf(bytes, bytes.length / 2));
        cluster = startCluster();
        StartupException refused = assertThrows(StartupException.class, () -> submit(name, Damaged.REFUSE));
        assertTrue(String.valueOf(refused.getMessage()).contains(newest.toString()), refused.getMessage());
        for (String one : builders.keySet()) {
            submit(one, Damaged.TAKE_OLDER);
        }
    }

    /** Begins a checkpoint and returns at once. */
    void beginCheckpoint(String name) {
        var unused = cluster.triggerCheckpoint(get(jobs, name)).exceptionally(failure -> "");
    }

    /** How many attempts of the jobs there were after the first ones. */
    int restarts() throws Exception {
        for (String name : jobs.keySet()) {
            noteRestarts(name);
        }
        return formerRestarts;
    }

    private void noteRestarts(String name) throws Exception {
        AccessExecutionGraph graph = cluster.getExecutionGraph(get(jobs, name)).get(LIMIT_SECONDS, TimeUnit.SECONDS);
        formerRestarts += StreamSupport.stream(graph.getAllExecutionVertices().spliterator(), false)
                .mapToInt(vertex -> vertex.getCurrentExecutionAttempt().getAttemptNumber())
                .max()
                .orElse(0);
    }

    /** Ends all jobs; the cluster stays. */
    void cancelJobs() throws Exception {
        for (JobID job : jobs.values()) {
            cluster.cancelJob(job).get(LIMIT_SECONDS, TimeUnit.SECONDS);
            cluster.requestJobResult(job).get(LIMIT_SECONDS, TimeUnit.SECONDS);
        }
        jobs.clear();
        builders.clear();
        folders.clear();
        formerRestarts = 0;
    }

    private static <T> T get(Map<String, T> map, String name) {
        T value = map.get(name);
        if (value == null) {
            throw new IllegalStateException("no job " + name);
        }
        return value;
    }

    @Override
    public void close() throws IOException {
        try {
            cluster.closeAsync().get(LIMIT_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException("the cluster does not stop", e);
        }
    }
}
