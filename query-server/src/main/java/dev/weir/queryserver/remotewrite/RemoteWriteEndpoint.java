package dev.weir.queryserver.remotewrite;

import dev.weir.queryserver.http.Call;
import dev.weir.queryserver.http.Endpoint;
import dev.weir.queryserver.http.Reply;
import dev.weir.queryserver.remotewrite.InvalidWriteException.Reason;
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
 * Remote write 1.0 (https://prometheus.io/docs/specs/prw/remote_write_spec/). 204: all of the request is durable. 4xx: none
 * of it is stored, and sending it again is of no use. 429 and 503: none of it is stored yet, send it again.
 */
public final class RemoteWriteEndpoint implements Endpoint {
    private static final Logger LOG = LoggerFactory.getLogger(RemoteWriteEndpoint.class);
    private static final Duration COMMIT_TIMEOUT = Duration.ofMinutes(1);
    private static final String PROTOBUF = "application/x-protobuf";
    private static final String V1 = "prometheus.writerequest";

    private final Store store;
    private final WriteLimits limits;
    private final ServerMetrics metrics;

    public RemoteWriteEndpoint(Store store, WriteLimits limits, ServerMetrics metrics) {
        this.store = store;
        this.limits = limits;
        this.metrics = metrics;
    }

    @Override
    public Reply serve(Call call) {
        try {
            checkMediaType(call.header("Content-Type"), call.header("Content-Encoding"));
            WriteBatch batch =
                    WriteRequestDecoder.decode(call.body(), limits, call.scope().project());
            int samples = 0;
            for (SeriesSamples series : batch.series()) {
                samples += series.samples().size();
            }
            metrics.samplesReceived(samples);
            store.append(batch).get(COMMIT_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
            return Reply.empty(204);
        } catch (InvalidWriteException e) {
            metrics.writeRejected(e.reason().name().toLowerCase(Locale.ROOT));
            return Reply.text(e.reason().httpStatus(), e.getMessage() + "\n");
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

    /** Missing headers are taken as 1.0, as old senders leave them out. */
    static void checkMediaType(String contentType, String contentEncoding) throws InvalidWriteException {
        if (!contentEncoding.isEmpty() && !contentEncoding.equalsIgnoreCase("snappy")) {
            throw new InvalidWriteException(
                    Reason.MEDIA_TYPE, "content encoding: \"" + contentEncoding + "\" (expected: snappy)");
        }
        if (contentType.isEmpty()) {
            return;
        }
        String[] parts = contentType.toLowerCase(Locale.ROOT).split(";");
        boolean isKnown = parts[0].trim().equals(PROTOBUF);
        for (int i = 1; i < parts.length; i++) {
            String parameter = parts[i].replace("\"", "").trim();
            isKnown &= !parameter.startsWith("proto=") || parameter.equals("proto=" + V1);
        }
        if (!isKnown) {
            throw new InvalidWriteException(
                    Reason.MEDIA_TYPE,
                    "content type: \"" + contentType + "\" (expected: application/x-protobuf, remote write 1.0)");
        }
    }
}
