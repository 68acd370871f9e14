package dev.weir.promql.function;

import java.util.Arrays;

/**
 * The windows of all steps among the floats of one series: at each step those from {@link #from} on, before {@link #to}.
 * Series that are scraped together share their times, so what was found for one is kept for the next.
 */
final class FloatWindows {
    private final StepWindows steps;
    private final int[] from;
    private final int[] to;
    private long[] timesMs = {};
    private int count = -1;

    FloatWindows(StepWindows steps) {
        this.steps = steps;
        this.from = new int[steps.count()];
        this.to = new int[steps.count()];
    }

    /** Whether the windows are other ones than before, because the times are. */
    boolean moveTo(long[] newTimesMs, int newCount) {
        if (newCount == count && Arrays.equals(timesMs, 0, count, newTimesMs, 0, count)) {
            return false;
        }
        timesMs = Arrays.copyOf(newTimesMs, newCount);
        count = newCount;
        int first = 0;
        int end = 0;
        for (int i = 0; i < from.length; i++) {
            long endMs = steps.endMs(i);
            long startMs = steps.startMs(i);
            while (end < count && timesMs[end] <= endMs) {
                end++;
            }
            while (first < end && timesMs[first] <= startMs) {
                first++;
            }
            from[i] = first;
            to[i] = end;
        }
        return true;
    }

    /** {@link #from} at every step, not to be written. */
    int[] froms() {
        return from;
    }

    /** {@link #to} at every step, not to be written. */
    int[] tos() {
        return to;
    }

    int from(int step) {
        return from[step];
    }

    int to(int step) {
        return to[step];
    }

    long timeMs(int index) {
        return timesMs[index];
    }
}
