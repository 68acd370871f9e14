package dev.weir.aggregation.release;

/**
 * Over which time an increment is released (rule 4): from when it was seen, but never into a window that was emitted, for
 * as long as it took, but at least a window and at most {@link #LONGEST_MS}.
 *
 * @param startMs broker time
 * @param lengthMs above 0
 */
public record Span(long startMs, long lengthMs) {
    /** What took longer, such as an outage, would otherwise be released for as long again. */
    public static final long LONGEST_MS = 60_000;

    /** How long after its end a window stays open, by append times. */
    public static final long CLOSING_DELAY_MS = 2_000;

    public Span {
        if (lengthMs <= 0) {
            throw new IllegalArgumentException("lengthMs: " + lengthMs + " (expected: > 0)");
        }
    }

    /**
     * When an increment counts as seen: when its scrape began, by the broker's clock as far as that can be told. What began
     * before the windows that were open when it was appended counts as seen with them, so that its release follows from
     * append times alone and is the same whenever the same records are read again.
     */
    public static long seenMs(long requestStartMs, long appendMs) {
        return Math.max(Math.min(requestStartMs, appendMs), appendMs - CLOSING_DELAY_MS);
    }

    /**
     * @param seenMs when the increment was seen, not after its append time
     * @param tookMs how long it took; anything, even negative where clocks disagree
     * @param frontierMs end of the newest emitted window
     */
    public static Span of(long seenMs, long tookMs, long frontierMs, long windowMs) {
        return new Span(Math.max(seenMs, frontierMs), Math.min(Math.max(tookMs, windowMs), LONGEST_MS));
    }

    /**
     * How much of the increment is released by the end of each window after the one that ended at {@code closedMs}, to
     * the window in which the span ends; the last share is 1.
     */
    public double[] shares(long closedMs, long windowMs) {
        int windows = 1;
        while (closedMs + windows * windowMs < startMs + lengthMs) {
            windows++;
        }
        double[] shares = new double[windows];
        for (int window = 0; window < windows; window++) {
            shares[window] = releasedBy(closedMs + (window + 1) * windowMs);
        }
        return shares;
    }

    /** The share of the increment that is released by then, 0 to 1. */
    double releasedBy(long timeMs) {
        double share = (double) (timeMs - startMs) / lengthMs;
        return Math.min(Math.max(share, 0), 1);
    }
}
