package dev.weir.configuration;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Durations as Prometheus writes them: {@code 1h30m}, units {@code y w d h m s ms} each at most once and in that order, a
 * year being 365 days; or {@code 0}.
 */
public final class DurationSyntax {
    private static final Pattern SYNTAX = Pattern.compile(
            "(?:([0-9]+)y)?(?:([0-9]+)w)?(?:([0-9]+)d)?" + "(?:([0-9]+)h)?(?:([0-9]+)m)?(?:([0-9]+)s)?(?:([0-9]+)ms)?");
    private static final String[] UNITS = {"y", "w", "d", "h", "m", "s", "ms"};
    private static final long[] UNIT_MS = {
        365L * 86_400_000, 7L * 86_400_000, 86_400_000, 3_600_000, 60_000, 1_000, 1,
    };

    private DurationSyntax() {}

    /**
     * The duration that {@code text} says.
     *
     * @throws IllegalArgumentException if it says none, or one that does not fit 64 bits of milliseconds
     */
    public static Duration parse(String text) {
        if (text.equals("0")) {
            return Duration.ZERO;
        }
        Matcher matcher = SYNTAX.matcher(text);
        if (text.isEmpty() || !matcher.matches()) {
            throw new IllegalArgumentException(
                    "duration \"" + text + "\" (expected: such as 15s, 1m30s, 250ms or 30d)");
        }
        long totalMs = 0;
        try {
            for (int i = 0; i < UNIT_MS.length; i++) {
                String digits = matcher.group(i + 1);
                if (digits != null) {
                    totalMs = Math.addExact(totalMs, Math.multiplyExact(Long.parseLong(digits), UNIT_MS[i]));
                }
            }
        } catch (ArithmeticException | NumberFormatException e) {
            throw new IllegalArgumentException("duration \"" + text + "\" (expected: less than 292 million years)", e);
        }
        return Duration.ofMillis(totalMs);
    }

    /** The shortest text that {@link #parse} reads as {@code duration}, to the millisecond. */
    public static String format(Duration duration) {
        long restMs = duration.toMillis();
        if (restMs == 0) {
            return "0s";
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < UNIT_MS.length; i++) {
            // Prometheus writes years and weeks only where nothing is left over.
            boolean exactOnly = i < 2;
            if (restMs >= UNIT_MS[i] && (!exactOnly || restMs % UNIT_MS[i] == 0)) {
                text.append(restMs / UNIT_MS[i]).append(UNITS[i]);
                restMs %= UNIT_MS[i];
            }
        }
        return text.toString();
    }
}
