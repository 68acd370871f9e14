package dev.weir.simulator.fleet;

import java.time.Duration;
import java.util.Locale;

/**
 * How pods come and go.
 *
 * @param meanLife mean time that a process serves; zero: for ever
 * @param restartProbability the share of ends after which the same pod comes back at the same address with counters at zero;
 *     after the others a new pod takes its place
 * @param leastDowntime the shortest gap; each is up to twice as long
 */
public record Churn(Duration meanLife, double restartProbability, Duration leastDowntime) {
    /** The shortest gap allowed: a new process' start must lie after its predecessor's end, to the second. */
    private static final Duration LEAST_DOWNTIME = Duration.ofMillis(1500);

    /** Nothing ever ends by itself. */
    public static final Churn NONE = new Churn(Duration.ZERO, 0.3, Duration.ofMillis(1500));

    /** A process lives ten minutes on average. */
    public static final Churn GENTLE = new Churn(Duration.ofMinutes(10), 0.3, Duration.ofMillis(1500));

    /** A process lives one minute on average. */
    public static final Churn HEAVY = new Churn(Duration.ofMinutes(1), 0.4, Duration.ofMillis(1500));

    public Churn {
        if (meanLife.isNegative()) {
            throw new IllegalArgumentException("mean life: " + meanLife + " (expected: >= 0)");
        }
        if (!(restartProbability >= 0 && restartProbability <= 1)) {
            throw new IllegalArgumentException("restart probability: " + restartProbability + " (expected: 0 to 1)");
        }
        if (leastDowntime.compareTo(LEAST_DOWNTIME) < 0) {
            throw new IllegalArgumentException(
                    "least downtime: " + leastDowntime + " (expected: >= " + LEAST_DOWNTIME + ")");
        }
    }

    /** The preset of this name: {@code none}, {@code gentle} or {@code heavy}. */
    public static Churn named(String name) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "none" -> NONE;
            case "gentle" -> GENTLE;
            case "heavy" -> HEAVY;
            default -> throw new IllegalArgumentException("churn: " + name + " (expected: none, gentle or heavy)");
        };
    }
}
