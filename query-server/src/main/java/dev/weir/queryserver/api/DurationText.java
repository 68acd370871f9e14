package dev.weir.queryserver.api;

import java.time.Duration;

/** Durations as Prometheus writes them: {@code 1h30m}, {@code 30d}, {@code 0s}. */
final class DurationText {
    private static final String[] UNITS = {"y", "w", "d", "h", "m", "s", "ms"};
    private static final long[] MILLIS = {31_536_000_000L, 604_800_000, 86_400_000, 3_600_000, 60_000, 1000, 1};

    private DurationText() {}

    /** Years and weeks only where they come out even, as {@code 30d} reads better than {@code 4w2d}. */
    static String of(Duration duration) {
        long left = duration.toMillis();
        if (left == 0) {
            return "0s";
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < UNITS.length; i++) {
            boolean isEven = left % MILLIS[i] == 0;
            if (left >= MILLIS[i] && (i > 1 || isEven)) {
                text.append(left / MILLIS[i]).append(UNITS[i]);
                left %= MILLIS[i];
            }
        }
        return text.toString();
    }
}
