package dev.weir.ingest.source;

import org.apache.flink.api.connector.source.SourceEvent;

/**
 * Tells the one reader that ticks when to begin; replaces what it was told before.
 *
 * @param holdMs from now, in which no tick may be sent: one full round of scrapes
 */
record TickSchedule(String scraperId, long windowMs, long holdMs) implements SourceEvent {
    /** A window is closed this long after its end... */
    static final long WINDOW_CLOSES_AFTER_MS = 2_000;

    /** ... and the tick that lets it close is sent this much later. */
    static final long TICK_DELAY_MS = 50;

    /** Milliseconds from {@code nowMs} to the first tick at or after {@code earliestMs}. */
    long delayMs(long nowMs, long earliestMs) {
        long phaseMs = WINDOW_CLOSES_AFTER_MS + TICK_DELAY_MS;
        long fromMs = Math.max(nowMs, earliestMs);
        long windows = Math.floorDiv(fromMs - phaseMs, windowMs) + 1;
        return windows * windowMs + phaseMs - nowMs;
    }
}
