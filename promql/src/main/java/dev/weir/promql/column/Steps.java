package dev.weir.promql.column;

import org.jspecify.annotations.Nullable;

/** The times at which an expression is evaluated, never descending; equal ones are possible. */
public final class Steps {
    private final long startMs;
    private final long stepMs;
    private final int count;
    private final long @Nullable [] timesMs;

    private Steps(long startMs, long stepMs, int count, long @Nullable [] timesMs) {
        this.startMs = startMs;
        this.stepMs = stepMs;
        this.count = count;
        this.timesMs = timesMs;
    }

    public static Steps every(long startMs, long stepMs, int count) {
        return new Steps(startMs, stepMs, count, null);
    }

    public static Steps at(long timeMs) {
        return new Steps(timeMs, 1, 1, null);
    }

    /** The given times, not copied. */
    public static Steps of(long[] timesMs) {
        return new Steps(timesMs[0], 1, timesMs.length, timesMs);
    }

    public int count() {
        return count;
    }

    public long timeMs(int index) {
        return timesMs != null ? timesMs[index] : startMs + index * stepMs;
    }

    public long firstMs() {
        return startMs;
    }

    public long lastMs() {
        return timeMs(count - 1);
    }
}
