package dev.weir.benchmarks.sidebyside;

import java.time.Duration;

/**
 * When the fleet was scraped, and what is asked: the last hour at the scrape interval.
 *
 * @param endMs the last scrape
 */
public record Times(long endMs, int scrapes) {
    private static final long STEP_MS = Duration.ofSeconds(15).toMillis();
    private static final long RANGE_MS = Duration.ofHours(1).toMillis();
    /** VictoriaMetrics shortens what lies closer to now. */
    private static final long BEHIND_NOW_MS = Duration.ofMinutes(2).toMillis();

    public static Times before(long nowMs, int scrapes) {
        return new Times((nowMs - BEHIND_NOW_MS) / STEP_MS * STEP_MS, scrapes);
    }

    long stepMs() {
        return STEP_MS;
    }

    long rangeStartMs() {
        return endMs - RANGE_MS;
    }

    public long scrapeMs(int index) {
        return endMs - (scrapes - 1L - index) * STEP_MS;
    }
}
