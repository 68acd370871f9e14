package dev.weir.promql.ast;

import org.jspecify.annotations.Nullable;

/** A duration in a query; {@code formula} is its text if it was computed, as in {@code [5m+30s]}. */
public record DurationValue(long millis, @Nullable String formula) {
    public static final DurationValue ZERO = new DurationValue(0, null);

    private static final long SECOND = 1000;
    private static final long MINUTE = 60 * SECOND;
    private static final long HOUR = 60 * MINUTE;
    private static final long DAY = 24 * HOUR;

    public static DurationValue ofMillis(long millis) {
        return new DurationValue(millis, null);
    }

    /** As PromQL writes it: {@code 1h30m}; years and weeks only where they leave no rest. */
    public static String format(long millis) {
        if (millis == 0) {
            return "0s";
        }
        StringBuilder text = new StringBuilder(millis < 0 ? "-" : "");
        long rest = Math.abs(millis);
        rest = append(text, rest, 365 * DAY, "y", true);
        rest = append(text, rest, 7 * DAY, "w", true);
        rest = append(text, rest, DAY, "d", false);
        rest = append(text, rest, HOUR, "h", false);
        rest = append(text, rest, MINUTE, "m", false);
        rest = append(text, rest, SECOND, "s", false);
        append(text, rest, 1, "ms", false);
        return text.toString();
    }

    private static long append(StringBuilder text, long rest, long unit, String name, boolean onlyWhole) {
        if (rest < unit || (onlyWhole && rest % unit != 0)) {
            return rest;
        }
        text.append(rest / unit).append(name);
        return rest % unit;
    }

    @Override
    public String toString() {
        return formula != null ? formula : format(millis);
    }
}
