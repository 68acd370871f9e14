package dev.weir.aggregation.request;

import dev.weir.aggregation.sketch.Sketch;
import dev.weir.schemas.RequestEvent;
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
    /** No request takes longer: seven days. */
    public static final double MAX_SECONDS = 7 * 24 * 3_600;

    /** Largest request_id, project, model and so on. */
    public static final int MAX_NAME_CHARS = 1_024;

    /** More tokens than any request has: 2^40. */
    public static final long MAX_TOKENS = 1L << 40;

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
        String project = name("project", event.getProject(), true);
        String requestId = name("request_id", event.getRequestId(), true);
        List<Double> tokenTimes = event.getOutputTokenTimesSeconds();
        Sketch interToken = interToken(tokenTimes);
        int timed = tokenTimes.size();
        long input = tokens("input_tokens", event.getInputTokens());
        long cached = tokens("cached_input_tokens", event.getCachedInputTokens());
        if (input != RequestReport.UNKNOWN && cached > input) {
            throw new RejectedRequestException(
                    "cached_input_tokens: " + cached + " (expected: at most the " + input + " input_tokens)");
        }
        tokens("request_bytes", event.getRequestBytes());
        tokens("response_bytes", event.getResponseBytes());
        long output = tokens("output_tokens", event.getOutputTokens());
        double first = seconds("time_to_first_token_seconds", event.getTimeToFirstTokenSeconds());
        double mean = seconds("mean_time_per_output_token_seconds", event.getMeanTimePerOutputTokenSeconds());
        double duration = duration(event.getStartMs(), event.getEndMs());
        return new RequestReport(
                id(project, requestId),
                project,
                group(event, project),
                appendMs,
                event.getStatus() == RequestStatus.ERROR,
                input,
                cached,
                output == RequestReport.UNKNOWN && timed > 0 ? timed : output,
                event.getStatus() == RequestStatus.OK ? duration : Double.NaN,
                Double.isNaN(first) && timed > 0 ? tokenTimes.get(0) : first,
                Double.isNaN(mean) && timed > 1 ? (tokenTimes.get(timed - 1) - tokenTimes.get(0)) / (timed - 1) : mean,
                interToken);
    }

    private static Labels group(RequestEvent event, String project) throws RejectedRequestException {
        return Labels.builder()
                .set("project_id", project)
                .set("pipeline_name", name("pipeline", event.getPipeline(), false))
                .set("model_name", name("model", event.getModel(), true))
                .set("target_model_name", name("target_model", event.getTargetModel(), false))
                .set("service_tier", name("service_tier", event.getServiceTier(), false))
                .set("vantage", event.getVantage() == Vantage.GATEWAY ? "gateway" : "engine")
                .set("source", "requests")
                .build();
    }

    private static String name(String field, String value, boolean needed) throws RejectedRequestException {
        if (value.length() > MAX_NAME_CHARS) {
            throw new RejectedRequestException(
                    field + ": " + value.length() + " characters (expected: at most " + MAX_NAME_CHARS + ")");
        }
        if (needed && value.isEmpty()) {
            throw new RejectedRequestException(field + ": empty (expected: a name)");
        }
        return value;
    }

    private static long tokens(String field, @Nullable Long value) throws RejectedRequestException {
        if (value == null) {
            return RequestReport.UNKNOWN;
        }
        if (value < 0 || value > MAX_TOKENS) {
            throw new RejectedRequestException(field + ": " + value + " (expected: 0 to " + MAX_TOKENS + ", or null)");
        }
        return value;
    }

    private static double seconds(String field, @Nullable Double value) throws RejectedRequestException {
        if (value == null) {
            return Double.NaN;
        }
        if (!(value >= 0 && value <= MAX_SECONDS)) {
            throw new RejectedRequestException(
                    field + ": " + value + " s (expected: 0 to " + (long) MAX_SECONDS + " s, or null)");
        }
        return value;
    }

    private static double duration(long startMs, long endMs) throws RejectedRequestException {
        // As doubles, since the difference of two longs may overflow.
        double duration = ((double) endMs - startMs) / 1_000;
        if (duration < 0 || duration > MAX_SECONDS) {
            throw new RejectedRequestException("end_ms: " + endMs + " with start_ms: " + startMs
                    + " (expected: not before the start, and at most " + (long) MAX_SECONDS + " s after it)");
        }
        return duration;
    }

    private static @Nullable Sketch interToken(List<Double> times) throws RejectedRequestException {
        Sketch latencies = null;
        double former = 0;
        for (int i = 0; i < times.size(); i++) {
            double time = times.get(i);
            if (!(time >= former && time <= MAX_SECONDS)) {
                throw new RejectedRequestException("output_token_times_seconds[" + i + "]: " + time
                        + " (expected: ascending from 0 to " + (long) MAX_SECONDS + ")");
            }
            if (i > 0) {
                latencies = latencies == null ? new Sketch() : latencies;
                latencies.add(time - former);
            }
            former = time;
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
