package dev.weir.standalone.flink;

import dev.weir.configuration.FlinkConfig;
import dev.weir.configuration.HostPort;
import dev.weir.standalone.StartupException;
import java.net.MalformedURLException;
import java.net.URL;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.client.deployment.StandaloneClusterId;
import org.apache.flink.client.program.rest.RestClusterClient;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.core.execution.RecoveryClaimMode;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.client.JobStatusMessage;
import org.apache.flink.runtime.execution.ExecutionState;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.runtime.jobgraph.SavepointRestoreSettings;
import org.apache.flink.runtime.jobmaster.JobResult;
import org.apache.flink.runtime.rest.messages.EmptyRequestBody;
import org.apache.flink.runtime.rest.messages.JobConfigHeaders;
import org.apache.flink.runtime.rest.messages.JobConfigInfo;
import org.apache.flink.runtime.rest.messages.JobMessageParameters;
import org.apache.flink.runtime.rest.messages.job.JobDetailsInfo;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.graph.StreamGraph;
import org.jspecify.annotations.Nullable;

/**
 * A Flink cluster that runs already, reached by its REST API. Jobs are known by their names; each carries the {@link
 * Fingerprint} of what it was built from. Waits for each answer.
 */
public final class FlinkCluster implements AutoCloseable {
    /** In the parameters of a job, which Flink's API tells. */
    private static final String FINGERPRINT = "weir.fingerprint";

    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final Duration SAVEPOINT_TIMEOUT = Duration.ofMinutes(10);
    private static final Duration LOOK_EVERY = Duration.ofMillis(200);

    private final RestClusterClient<StandaloneClusterId> client;
    private final FlinkConfig config;
    private final FlinkSettings settings;
    private final List<Path> jars;
    /** Read once, since they are some 25 MB. */
    private final String jarsFingerprint;

    /**
     * A job under way.
     *
     * @param fingerprint of what it was built from; null if something else submitted it
     */
    public record Running(String name, JobID id, @Nullable String fingerprint) {}

    private FlinkCluster(
            RestClusterClient<StandaloneClusterId> client,
            FlinkConfig config,
            FlinkSettings settings,
            List<Path> jars) {
        this.client = client;
        this.config = config;
        this.settings = settings;
        this.jars = jars;
        this.jarsFingerprint = Fingerprint.of(jars);
    }

    /**
     * Connects to the cluster that {@code config} names.
     *
     * @param window of the results, and so the interval of checkpoints
     * @param jars that the jobs need and the cluster has not
     * @throws StartupException if it does not answer
     */
    public static FlinkCluster connect(FlinkConfig config, Duration window, List<Path> jars) {
        HostPort address = config.address();
        if (address == null) {
            throw new IllegalArgumentException("no address");
        }
        FlinkSettings settings =
                new FlinkSettings(config.parallelism(), config.parallelism(), config.stateBackend(), window);
        Configuration options = Configuration.fromMap(config.options());
        options.set(RestOptions.ADDRESS, address.host());
        options.set(RestOptions.PORT, address.port());
        options.set(RestOptions.RETRY_MAX_ATTEMPTS, 3);
        options.set(RestOptions.RETRY_DELAY, Duration.ofSeconds(1));
        try {
            FlinkCluster cluster = new FlinkCluster(
                    new RestClusterClient<>(options, StandaloneClusterId.getInstance()), config, settings, jars);
            cluster.await("flink.address " + address, cluster.client.getClusterOverview(), TIMEOUT);
            return cluster;
        } catch (StartupException e) {
            throw e;
        } catch (Exception e) {
            throw new StartupException("flink.address " + address + ": " + e, e);
        }
    }

    /** The jobs that run or try to. */
    public List<Running> running() {
        List<Running> all = new ArrayList<>();
        for (JobStatusMessage job : await("list of jobs", client.listJobs(), TIMEOUT)) {
            if (!job.getJobState().isGloballyTerminalState()) {
                all.add(new Running(job.getJobName(), job.getJobId(), fingerprint(job.getJobId())));
            }
        }
        return all;
    }

    private @Nullable String fingerprint(JobID id) {
        JobMessageParameters parameters = new JobMessageParameters();
        parameters.jobPathParameter.resolve(id);
        JobConfigInfo info = await(
                "job " + id,
                client.sendRequest(JobConfigHeaders.getInstance(), parameters, EmptyRequestBody.getInstance()),
                TIMEOUT);
        return info.getExecutionConfigInfo() == null
                ? null
                : info.getExecutionConfigInfo().getGlobalJobParameters().get(FINGERPRINT);
    }

    /** What {@link Running#fingerprint} is if the job runs as it is wanted. */
    public String wanted(FlinkJob job) {
        return Fingerprint.of(job.rules(), jarsFingerprint);
    }

    /**
     * Ends a job after a savepoint.
     *
     * @return where that is; empty if the job could make none, and was cancelled, which leaves its newest checkpoint
     */
    public Optional<String> stop(Running job) {
        try {
            return Optional.of(await(
                    "job " + job.name(),
                    client.stopWithSavepoint(
                            job.id(), false, folder(job.name()).savepoints().toString(), SavepointFormatType.NATIVE),
                    SAVEPOINT_TIMEOUT));
        } catch (StartupException e) {
            await("job " + job.name(), client.cancel(job.id()), TIMEOUT);
            await("job " + job.name(), client.requestJobResult(job.id()), TIMEOUT);
            return Optional.empty();
        }
    }

    /** The job's newest state, checkpoint or savepoint; empty before its first start. */
    public Optional<String> newestState(String job) {
        return folder(job).newest(CheckpointFolder.Damaged.REFUSE).map(Object::toString);
    }

    /**
     * Submits a job and waits until all of it runs.
     *
     * @param from the state it goes on from
     * @throws StartupException if it is refused, or does not run in time
     */
    public JobID submit(FlinkJob job, Optional<String> from) throws InterruptedException {
        Configuration options = settings.job(folder(job.name()).path().toUri());
        options.addAll(Configuration.fromMap(config.options()));
        options.set(PipelineOptions.GLOBAL_JOB_PARAMETERS, Map.of(FINGERPRINT, wanted(job)));
        JobGraph graph;
        try {
            StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment(options);
            job.builder().build(env);
            StreamGraph plan = env.getStreamGraph();
            plan.setJobName(job.name());
            from.ifPresent(path -> plan.setSavepointRestoreSettings(
                    SavepointRestoreSettings.forPath(path, false, RecoveryClaimMode.NO_CLAIM)));
            graph = plan.getJobGraph();
            graph.addJars(urls(jars));
        } catch (InterruptedException | StartupException e) {
            throw e;
        } catch (Exception e) {
            throw new StartupException("job " + job.name() + ": " + e.getMessage(), e);
        }
        JobID id = await("job " + job.name(), client.submitJob(graph), TIMEOUT);
        awaitRunning(job.name(), id);
        return id;
    }

    private void awaitRunning(String name, JobID id) throws InterruptedException {
        long deadline = System.nanoTime() + TIMEOUT.toNanos();
        while (true) {
            JobDetailsInfo details = await("job " + name, client.getJobDetails(id), TIMEOUT);
            JobStatus status = details.getJobStatus();
            if (status.isGloballyTerminalState()) {
                JobResult result = await("job " + name, client.requestJobResult(id), TIMEOUT);
                throw new StartupException("job " + name + ": " + status + ": "
                        + result.getSerializedThrowable()
                                .map(Throwable::getMessage)
                                .orElse("no reason told"));
            }
            int all = details.getJobVertexInfos().size();
            int running = details.getJobVerticesPerState().getOrDefault(ExecutionState.RUNNING, 0);
            if (status == JobStatus.RUNNING && running == all) {
                return;
            }
            if (System.nanoTime() > deadline) {
                throw new StartupException("job " + name + ": " + status + ", " + running + " of " + all
                        + " parts run after " + TIMEOUT.toSeconds() + " s (expected: all; the cluster needs "
                        + config.parallelism() + " free slots for each job)");
            }
            Thread.sleep(LOOK_EVERY.toMillis());
        }
    }

    private CheckpointFolder folder(String job) {
        return new CheckpointFolder(
                new org.apache.flink.core.fs.Path(config.checkpoints() + "/" + EmbeddedFlink.folderName(job)));
    }

    private static List<URL> urls(List<Path> jars) throws MalformedURLException {
        List<URL> urls = new ArrayList<>();
        for (Path jar : jars) {
            urls.add(jar.toUri().toURL());
        }
        return urls;
    }

    private <T> T await(String what, CompletableFuture<T> answer, Duration timeout) {
        try {
            return answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StartupException(what + ": interrupted", e);
        } catch (ExecutionException e) {
            throw new StartupException(what + ": " + rootOf(e), e);
        } catch (TimeoutException e) {
            throw new StartupException(what + ": no answer within " + timeout.toSeconds() + " s", e);
        }
    }

    private static String rootOf(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root.toString();
    }

    @Override
    public void close() {
        client.close();
    }
}
