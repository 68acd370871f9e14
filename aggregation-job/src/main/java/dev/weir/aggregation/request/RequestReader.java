package dev.weir.aggregation.request;

import dev.weir.aggregation.sketch.Sketch;
import dev.weir.schemas.InvalidEventException;
import dev.weir.schemas.RequestEvent;
import dev.weir.schemas.RequestEventCheck;
import dev.weir.schemas.RequestStatus;
import dev.weir.schemas.Vantage;
import dev.weir.series.Labels;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads request events. What an event does not tell stays unknown: no time is guessed from another, except that the times of
 * the output tokens tell the first of them, their mean distance and their number where nothing else does. The duration counts
 * for requests that ended well only: a request that fails at once is not a fast one. Not safe for use by several threads.
 */
public final class RequestReader {
    private final MessageDigest digest;

    public RequestReader() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** @throws RejectedRequestException if the event's values cannot be true */
    public RequestReport read(RequestEvent event, long appendMs) throws RejectedRequestException {
        try {
            RequestEventCheck.check(event);
        } catch (InvalidEventException e) {
            throw new RejectedRequestException(String.valueOf(e.getMessage()));
        }
        String project = event.getProject();
        List<Double> tokenTimes = event.getOutputTokenTimesSeconds();
        int timed = tokenTimes.size();
        long output = tokens(event.getOutputTokens());
        double first = seconds(event.getTimeToFirstTokenSeconds());
        double mean = seconds(event.getMeanTimePerOutputTokenSeconds());
        return new RequestReport(
                id(project, event.getRequestId()),
                project,
                group(event, project),
                appendMs,
                event.getStatus() == RequestStatus.ERROR,
                tokens(event.getInputTokens()),
                tokens(event.getCachedInputTokens()),
                output == RequestReport.UNKNOWN && timed > 0 ? timed : output,
                event.getStatus() == RequestStatus.OK ? (event.getEndMs() - event.getStartMs()) / 1_000.0 : Double.NaN,
                Double.isNaN(first) && timed > 0 ? tokenTimes.get(0) : first,
                Double.isNaN(mean) && timed > 1 ? (tokenTimes.get(timed - 1) - tokenTimes.get(0)) / (timed - 1) : mean,
                interToken(tokenTimes));
    }

    private static Labels group(RequestEvent event, String project) {
        return Labels.builder()
                .set("project_id", project)
                .set("pipeline_name", event.getPipeline())
                .set("model_name", event.getModel())
                .set("target_model_name", event.getTargetModel())
                .set("service_tier", event.getServiceTier())
                .set("vantage", event.getVantage() == Vantage.GATEWAY ? "gateway" : "engine")
                .set("source", "requests")
                .build();
    }

    private static long tokens(@Nullable Long value) {
        return value == null ? RequestReport.UNKNOWN : value;
    }

    private static double seconds(@Nullable Double value) {
        return value == null ? Double.NaN : value;
    }

    private static @Nullable Sketch interToken(List<Double> times) {
        if (times.size() < 2) {
            return null;
        }
        Sketch latencies = new Sketch();
        for (int i = 1; i < times.size(); i++) {
            latencies.add(times.get(i) - times.get(i - 1));
        }
        return latencies;
    }

    /** Of 64 bits that nobody can choose: a project must not be able to name another's requests. */
    private long id(String project, String requestId) {
        digest.update(project.getBytes(StandardCharsets.UTF_8));
        digest.update((byte) 0);
        return ByteBuffer.wrap(digest.digest(requestId.getBytes(StandardCharsets.UTF_8)))
                .getLong();
    }
}
