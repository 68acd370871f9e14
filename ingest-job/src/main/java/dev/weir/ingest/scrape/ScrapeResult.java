package dev.weir.ingest.scrape;

import dev.weir.schemas.ScrapeOutcome;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What one attempt brought. Times are milliseconds since the epoch.
 *
 * @param error null with a body, else why there is none
 * @param contentEncoding of {@code body}: empty or gzip
 * @param body as received; empty unless the outcome is BODY
 * @param targetDateMs the target's Date header, or null
 */
public record ScrapeResult(
        ScrapeOutcome outcome,
        long startMs,
        long endMs,
        @Nullable String error,
        String contentType,
        String contentEncoding,
        ByteBuffer body,
        @Nullable Long targetDateMs) {
    /** Longer error texts are cut. */
    public static final int MAX_ERROR_CHARS = 500;

    static ScrapeResult without(ScrapeOutcome outcome, long startMs, long endMs, String error, @Nullable Long dateMs) {
        String text = error.length() <= MAX_ERROR_CHARS ? error : error.substring(0, MAX_ERROR_CHARS) + "...";
        return new ScrapeResult(outcome, startMs, endMs, text, "", "", ByteBuffer.allocate(0), dateMs);
    }
}
