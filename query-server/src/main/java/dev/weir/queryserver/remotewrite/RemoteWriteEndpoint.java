package dev.weir.queryserver.remotewrite;

import dev.weir.queryserver.http.Call;
import dev.weir.queryserver.http.Endpoint;
import dev.weir.queryserver.http.Reply;
import dev.weir.queryserver.limit.IngestQuota;
import dev.weir.queryserver.limit.ProjectLimits;
import dev.weir.queryserver.limit.ProjectTurns;
import dev.weir.queryserver.store.Store;
import dev.weir.queryserver.store.WriteBatch;
import dev.weir.queryserver.store.WriteRejectedException;
import dev.weir.queryserver.telemetry.ServerMetrics;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Remote write 1.0 and 2.0 (https://prometheus.io/docs/specs/prw/remote_write_spec_2_0/). 204: all of the request is durable. 4xx: none
 * of it is stored, and sending it again is of no use. 429 and 503: none of it is stored yet, send it again.
 */
public final class RemoteWriteEndpoint implements Endpoint {
    private static final Logger LOG = LoggerFactory.getLogger(RemoteWriteEndpoint.class);
    private static final Duration COMMIT_TIMEOUT = Duration.ofMinutes(1);

    /** Each may hold a request decompressed; more than one project's half wait for their turn. */
    private static final int MAX_CONCURRENT_WRITES = 16;

    private static final int MAX_WAITING_WRITES = 64;
    private static final String WRITTEN = "X-Prometheus-Remote-Write-";

    private final Store store;
    private final WriteLimits limits;
    private final ProjectLimits.Table ofProjects;
    private final IngestQuota quota;
    private final ProjectTurns turns = new ProjectTurns(MAX_CONCURRENT_WRITES, MAX_WAITING_WRITES, COMMIT_TIMEOUT);
    private final ServerMetrics metrics;
    private final KnownSeries knownSeries = new KnownSeries();
    private final DecodeBuffers buffers = new DecodeBuffers();

    public RemoteWriteEndpoint(Store store, WriteLimits limits, ProjectLimits.Table ofProjects, ServerMetrics metrics) {
        this.store = store;
        this.limits = limits;
        this.ofProjects = ofProjects;
        this.quota = new IngestQuota(project -> ofProjects.of(project).maxSamplesPerSecond(), System::nanoTime);
        this.metrics = metrics;
        metrics.knownSeries(knownSeries::size);
    }

    @Override
    public Reply serve(Call call) {
        try {
            WriteProtocol protocol = WriteProtocol.of(call.header("Content-Type"), call.header("Content-Encoding"));
            return inTurn(call, protocol == WriteProtocol.V1 ? this::serveV1 : this::serveV2);
        } catch (InvalidWriteException e) {
            return invalid(e);
        }
    }

    @FunctionalInterface
    private interface Service {
        Reply serve(Call call) throws InvalidWriteException;
    }

    private Reply inTurn(Call call, Service service) throws InvalidWriteException {
        String project = call.scope().project();
        try {
            if (!turns.enter(project, call.isAbandoned())) {
                metrics.writeRejected("queue");
                return Reply.text(
                                429,
                                "too many write requests wait (expected: at most maxWaitingWrites = "
                                        + MAX_WAITING_WRITES + " of all projects)\n")
                        .withHeader("Retry-After", "1");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Reply.text(503, "the server is closing, send it again\n");
        }
        try {
            return service.serve(call);
        } finally {
            turns.leave(project);
        }
    }

    private Reply serveV1(Call call) throws InvalidWriteException {
        KnownSeries.Lookup known = knownSeries.lookup();
        WriteBatch batch =
                WriteRequestDecoder.decode(call.body(), limits, call.scope().project(), known, buffers);
        Reply refused = store(batch, known);
        return refused == null ? Reply.empty(204) : refused;
    }

    /** 2.0 wants every answer to say how much of the request is stored: here all or nothing, and never an exemplar. */
    private Reply serveV2(Call call) {
        try {
            KnownSeries.Lookup known = knownSeries.lookup();
            WriteRequestV2Decoder.Decoded decoded = WriteRequestV2Decoder.decode(
                    call.body(), limits, call.scope().project(), known, buffers);
            Reply refused = store(decoded.batch(), known);
            return refused == null
                    ? withWritten(Reply.empty(204), decoded.floatCount(), decoded.histogramCount())
                    : withWritten(refused, 0, 0);
        } catch (InvalidWriteException e) {
            return withWritten(invalid(e), 0, 0);
        }
    }

    private static Reply withWritten(Reply reply, int floats, int histograms) {
        return reply.withHeader(WRITTEN + "Samples-Written", Integer.toString(floats))
                .withHeader(WRITTEN + "Histograms-Written", Integer.toString(histograms))
                .withHeader(WRITTEN + "Exemplars-Written", "0");
    }

    /** Null once all is durable, else the answer that says why not. */
    private @Nullable Reply store(WriteBatch batch, KnownSeries.Lookup known) {
        metrics.samplesReceived(batch.samples().size());
        Reply tooMany = takeQuota(batch);
        if (tooMany != null) {
            return tooMany;
        }
        try {
            store.append(batch.withMaxSeriesOfProject(
                            project -> ofProjects.of(project).maxActiveSeries()))
                    .get(COMMIT_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
            known.stored(batch);
            return null;
        } catch (ExecutionException e) {
            return rejected(e.getCause());
        } catch (TimeoutException e) {
            metrics.writeRejected("timeout");
            return Reply.text(503, "the request was not durable within " + COMMIT_TIMEOUT + ", send it again\n");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Reply.text(503, "the server is closing, send it again\n");
        }
    }

    private @Nullable Reply takeQuota(WriteBatch batch) {
        if (!ofProjects.limitIngest()) {
            return null;
        }
        Map<String, Long> samples = new HashMap<>();
        for (int i = 0; i < batch.seriesCount(); i++) {
            samples.merge(batch.series(i).project(), (long) batch.to(i) - batch.from(i), Long::sum);
        }
        IngestQuota.Excess excess = quota.takeAll(samples);
        if (excess == null) {
            return null;
        }
        metrics.writeRejected("ingest_rate");
        return Reply.text(429, excess.message() + "\n").withHeader("Retry-After", Long.toString(excess.waitSeconds()));
    }

    private Reply invalid(InvalidWriteException e) {
        metrics.writeRejected(e.reason().name().toLowerCase(Locale.ROOT));
        return Reply.text(e.reason().httpStatus(), e.getMessage() + "\n");
    }

    private Reply rejected(@Nullable Throwable cause) {
        if (!(cause instanceof WriteRejectedException e)) {
            LOG.error("A write request failed", cause);
            metrics.writeRejected("internal");
            return Reply.text(500, "internal error: " + cause + "\n");
        }
        metrics.writeRejected(e.reason().name().toLowerCase(Locale.ROOT));
        String text = e.getMessage() + "\n";
        return switch (e.reason()) {
            case LIMIT -> Reply.text(429, text).withHeader("Retry-After", "30");
            case UNAVAILABLE -> Reply.text(503, text).withHeader("Retry-After", "1");
            default -> Reply.text(400, text);
        };
    }
}
