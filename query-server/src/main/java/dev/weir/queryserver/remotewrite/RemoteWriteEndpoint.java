package dev.weir.queryserver.remotewrite;

import dev.weir.queryserver.http.Call;
import dev.weir.queryserver.http.Endpoint;
import dev.weir.queryserver.http.Reply;
import dev.weir.queryserver.store.SeriesSamples;
import dev.weir.queryserver.store.Store;
import dev.weir.queryserver.store.WriteBatch;
import dev.weir.queryserver.store.WriteRejectedException;
import dev.weir.queryserver.telemetry.ServerMetrics;
import java.time.Duration;
import java.util.Locale;
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
    private static final String WRITTEN = "X-Prometheus-Remote-Write-";

    private final Store store;
    private final WriteLimits limits;
    private final ServerMetrics metrics;
    private final KnownSeries knownSeries = new KnownSeries();

    public RemoteWriteEndpoint(Store store, WriteLimits limits, ServerMetrics metrics) {
        this.store = store;
        this.limits = limits;
        this.metrics = metrics;
    }

    @Override
    public Reply serve(Call call) {
        try {
            WriteProtocol protocol = WriteProtocol.of(call.header("Content-Type"), call.header("Content-Encoding"));
            return protocol == WriteProtocol.V1 ? serveV1(call) : serveV2(call);
        } catch (InvalidWriteException e) {
            return invalid(e);
        }
    }

    private Reply serveV1(Call call) throws InvalidWriteException {
        WriteBatch batch =
                WriteRequestDecoder.decode(call.body(), limits, call.scope().project(), knownSeries);
        int samples = 0;
        for (SeriesSamples series : batch.series()) {
            samples += series.samples().size();
        }
        Reply refused = store(batch, samples);
        return refused == null ? Reply.empty(204) : refused;
    }

    /** 2.0 wants every answer to say how much of the request is stored: here all or nothing, and never an exemplar. */
    private Reply serveV2(Call call) {
        try {
            WriteRequestV2Decoder.Decoded decoded = WriteRequestV2Decoder.decode(
                    call.body(), limits, call.scope().project());
            Reply refused = store(decoded.batch(), decoded.floatCount() + decoded.histogramCount());
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
    private @Nullable Reply store(WriteBatch batch, int samples) {
        metrics.samplesReceived(samples);
        try {
            store.append(batch).get(COMMIT_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
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
