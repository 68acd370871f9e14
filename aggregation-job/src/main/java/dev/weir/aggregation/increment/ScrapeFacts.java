package dev.weir.aggregation.increment;

import java.time.Duration;

/**
 * What is known of one scrape besides its samples. Times are milliseconds since the epoch.
 *
 * @param scraperId who scraped
 * @param requestStartMs by the scraper's clock
 * @param appendMs by the broker's clock
 * @param intervalMs the target's scrape interval, above 0
 * @param watchedSinceMs since when the scraper watches the target's job, by the scraper's clock
 * @param clockOffsetMs the scraper's clock less the target's, 0 if unknown
 * @param outcome what came back
 * @param processStartMs start of the answering process by the target's clock, or {@link #UNKNOWN}
 * @param naming identity of the rules by which series got their names; a series that a scrape under others lacked may
 *     have been there
 * @param lastWord whether the process goes away with this
 */
public record ScrapeFacts(
        String scraperId,
        long requestStartMs,
        long appendMs,
        long intervalMs,
        long watchedSinceMs,
        long clockOffsetMs,
        Outcome outcome,
        long processStartMs,
        long naming,
        boolean lastWord) {
    /** A start time that nobody told. */
    public static final long UNKNOWN = Long.MIN_VALUE;

    /** Starts that differ by no more are the same start: clocks are read with a second's resolution. */
    static final Duration START_TOLERANCE = Duration.ofSeconds(2);

    /** What a scrape proves about its target. */
    public enum Outcome {
        /** Samples came back. */
        SUCCESS,
        /** Nobody listened: whatever answers later began after this. */
        REFUSED,
        /** Nothing is known. */
        FAILED
    }

    public ScrapeFacts {
        if (intervalMs <= 0) {
            throw new IllegalArgumentException("intervalMs: " + intervalMs + " (expected: > 0)");
        }
    }

    /** When the scrape began by the target's clock, in which all starts are told. */
    long targetTimeMs() {
        return requestStartMs - clockOffsetMs;
    }

    static boolean sameStart(long a, long b) {
        return a == UNKNOWN || b == UNKNOWN || Math.abs(a - b) <= START_TOLERANCE.toMillis();
    }
}
