package dev.weir.schemas;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the values of a request event may be. Producers hold their events against it, and so does who reads them. */
public final class RequestEventCheck {
    /** No request takes longer: seven days. */
    public static final double MAX_SECONDS = 7 * 24 * 3_600;

    /** Largest request_id, project, model and so on. */
    public static final int MAX_NAME_CHARS = 1_024;

    /** More tokens than any request has: 2^40. */
    public static final long MAX_TOKENS = 1L << 40;

    private RequestEventCheck() {}

    /** @throws InvalidEventException naming the first field whose value cannot be true */
    public static void check(RequestEvent event) throws InvalidEventException {
        name("project", event.getProject(), true);
        name("request_id", event.getRequestId(), true);
        tokenTimes(event.getOutputTokenTimesSeconds());
        number("input_tokens", event.getInputTokens());
        number("cached_input_tokens", event.getCachedInputTokens());
        Long input = event.getInputTokens();
        Long cached = event.getCachedInputTokens();
        if (input != null && cached != null && cached > input) {
            throw new InvalidEventException(
                    "cached_input_tokens: " + cached + " (expected: at most the " + input + " input_tokens)");
        }
        number("request_bytes", event.getRequestBytes());
        number("response_bytes", event.getResponseBytes());
        number("output_tokens", event.getOutputTokens());
        seconds("time_to_first_token_seconds", event.getTimeToFirstTokenSeconds());
        seconds("mean_time_per_output_token_seconds", event.getMeanTimePerOutputTokenSeconds());
        duration(event.getStartMs(), event.getEndMs());
        name("pipeline", event.getPipeline(), false);
        name("model", event.getModel(), true);
        name("target_model", event.getTargetModel(), false);
        name("service_tier", event.getServiceTier(), false);
    }

    private static void name(String field, String value, boolean needed) throws InvalidEventException {
        if (value.length() > MAX_NAME_CHARS) {
            throw new InvalidEventException(
                    field + ": " + value.length() + " characters (expected: at most " + MAX_NAME_CHARS + ")");
        }
        if (needed && value.isEmpty()) {
            throw new InvalidEventException(field + ": empty (expected: a name)");
        }
    }

    private static void number(String field, @Nullable Long value) throws InvalidEventException {
        if (value != null && (value < 0 || value > MAX_TOKENS)) {
            throw new InvalidEventException(field + ": " + value + " (expected: 0 to " + MAX_TOKENS + ", or null)");
        }
    }

    private static void seconds(String field, @Nullable Double value) throws InvalidEventException {
        if (value != null && !(value >= 0 && value <= MAX_SECONDS)) {
            throw new InvalidEventException(
                    field + ": " + value + " s (expected: 0 to " + (long) MAX_SECONDS + " s, or null)");
        }
    }

    private static void duration(long startMs, long endMs) throws InvalidEventException {
        // As doubles, since the difference of two longs may overflow.
        double duration = ((double) endMs - startMs) / 1_000;
        if (duration < 0 || duration > MAX_SECONDS) {
            throw new InvalidEventException("end_ms: " + endMs + " with start_ms: " + startMs
                    + " (expected: not before the start, and at most " + (long) MAX_SECONDS + " s after it)");
        }
    }

    private static void tokenTimes(List<Double> times) throws InvalidEventException {
        double former = 0;
        for (int i = 0; i < times.size(); i++) {
            double time = times.get(i);
            if (!(time >= former && time <= MAX_SECONDS)) {
                throw new InvalidEventException("output_token_times_seconds[" + i + "]: " + time
                        + " (expected: ascending from 0 to " + (long) MAX_SECONDS + ")");
            }
            former = time;
        }
    }
}
