package dev.weir.queryserver.intake;

import dev.weir.queryserver.http.ApiException;
import dev.weir.queryserver.http.Call;
import dev.weir.queryserver.http.ErrorType;
import dev.weir.queryserver.http.Reply;
import dev.weir.queryserver.limit.IngestQuota;
import dev.weir.queryserver.limit.ProjectLimits;
import dev.weir.queryserver.limit.ProjectTurns;
import dev.weir.queryserver.telemetry.ServerMetrics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets in what there is room for and answers 204 only once it is written. 429: too much at a time, and nothing of it was
 * looked at. 503: not known to be written, so that it is to be sent again.
 */
final class Admission {
    private static final Logger LOG = LoggerFactory.getLogger(Admission.class);

    private static final int RETRY_SOON_SECONDS = 1;

    /** What comes before it is logged only once in this time, since a broker that is away is away for everybody. */
    private static final Duration LOG_EVERY = Duration.ofSeconds(30);

    private final ProjectTurns turns;
    private final AtomicLong bytesInFlight = new AtomicLong();
    private final AtomicLong loggedNs = new AtomicLong(System.nanoTime() - LOG_EVERY.toNanos());
    private final Duration writeTimeout;
    private final PushLimits limits;
    private final IngestQuota quota;
    private final ServerMetrics metrics;

    Admission(Intake intake, ProjectLimits.Table ofProjects, ServerMetrics metrics) {
        this.writeTimeout = intake.writeTimeout();
        this.limits = intake.limits();
        this.turns = new ProjectTurns(limits.maxConcurrentPushes(), limits.maxWaitingPushes(), writeTimeout);
        this.quota = new IngestQuota(project -> ofProjects.of(project).maxSamplesPerSecond(), System::nanoTime);
        this.metrics = metrics;
    }

    /** Reads the call and returns the futures of what it wrote. */
    @FunctionalInterface
    interface Work {
        List<? extends CompletableFuture<?>> run() throws ApiException;
    }

    /** Runs the work when it is the project's turn, and waits until everything is written. */
    Reply admit(Call call, Work work) throws ApiException {
        String project = call.scope().project();
        long bytes = call.body().length;
        enter(call, project);
        try {
            takeBytes(bytes);
            try {
                await(work.run());
                return Reply.empty(204);
            } finally {
                metrics.pushBytesInFlight(-bytes);
                bytesInFlight.addAndGet(-bytes);
            }
        } finally {
            turns.leave(project);
        }
    }

    /** Charges all projects for samples or requests, at the rate of samples that are written remotely, or none of them. */
    void charge(Map<String, Long> samplesByProject) throws ApiException {
        IngestQuota.Excess excess = quota.takeAll(samplesByProject);
        if (excess != null) {
            metrics.pushRejected("ingest_rate");
            throw ApiException.retryLater(ErrorType.TOO_MANY, excess.waitSeconds(), excess.message());
        }
    }

    private void enter(Call call, @Nullable String project) throws ApiException {
        try {
            if (turns.enter(project, call.isAbandoned())) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw closing();
        }
        metrics.pushRejected("queue");
        throw ApiException.retryLater(
                ErrorType.TOO_MANY,
                RETRY_SOON_SECONDS,
                "too many pushes wait (expected: at most maxWaitingPushes = " + limits.maxWaitingPushes()
                        + " of all projects)");
    }

    private void takeBytes(long bytes) throws ApiException {
        long before = bytesInFlight.getAndAdd(bytes);
        if (before > 0 && before + bytes > limits.maxBytesInFlight()) {
            bytesInFlight.addAndGet(-bytes);
            metrics.pushRejected("bytes_in_flight");
            throw ApiException.retryLater(
                    ErrorType.TOO_MANY,
                    RETRY_SOON_SECONDS,
                    before + " bytes of other pushes are on their way (expected: at most maxBytesInFlight = "
                            + limits.maxBytesInFlight() + " with this one's " + bytes + ")");
        }
        metrics.pushBytesInFlight(bytes);
    }

    private void await(List<? extends CompletableFuture<?>> writes) throws ApiException {
        CompletableFuture<Void> all = CompletableFuture.allOf(writes.toArray(new CompletableFuture<?>[0]));
        try {
            all.get(writeTimeout.toMillis(), TimeUnit.MILLISECONDS);
            metrics.eventsPushed(writes.size());
        } catch (ExecutionException e) {
            throw unavailable(String.valueOf(e.getCause()));
        } catch (TimeoutException e) {
            throw unavailable("the broker did not acknowledge it within " + writeTimeout.toSeconds() + " s");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw closing();
        }
    }

    private ApiException unavailable(String why) {
        metrics.pushRejected("unavailable");
        long nowNs = System.nanoTime();
        long loggedBefore = loggedNs.get();
        if (nowNs - loggedBefore >= LOG_EVERY.toNanos() && loggedNs.compareAndSet(loggedBefore, nowNs)) {
            LOG.warn("Pushed events are not written: {}", why);
        }
        return ApiException.retryLater(
                ErrorType.UNAVAILABLE, RETRY_SOON_SECONDS, "not known to be written, send it again: " + why);
    }

    private static ApiException closing() {
        return ApiException.retryLater(
                ErrorType.UNAVAILABLE, RETRY_SOON_SECONDS, "the server is closing, send it again");
    }
}
