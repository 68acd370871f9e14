package dev.weir.simulator.scenario;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a fleet lives and is scraped.
 *
 * @param letter short name
 * @param title what happens
 * @param lives how long processes live
 * @param load what they serve
 * @param failures whether the counter to look at is that of rare failures, created at the first one
 * @param scrapeInterval of every target
 * @param outage when half of the pods cannot be reached, though they live; null for never
 */
public record ChurnScenario(
        String letter,
        String title,
        Lives lives,
        Load load,
        boolean failures,
        Duration scrapeInterval,
        @Nullable Outage outage) {
    private static final Duration INTERVAL = Duration.ofSeconds(15);
    private static final Lives SHORT = Lives.ofPods(Duration.ofSeconds(60), Duration.ofSeconds(120));

    /** The nine in which systems differ. */
    public static final List<ChurnScenario> ALL = List.of(
            plain("a", "a new pod each 60 to 120 s, constant load", SHORT, Load.CONSTANT),
            plain("b", "the same, half of the load in bursts of 20 s", SHORT, Load.BURSTY),
            plain("c", "half of a pod's requests in its first 10 s", SHORT, Load.FRONT_LOADED),
            plain("d", "restart under the same labels each 60 to 120 s", SHORT.inPlace(), Load.CONSTANT),
            plain(
                    "e",
                    "pods of 20 to 60 s",
                    Lives.ofPods(Duration.ofSeconds(20), Duration.ofSeconds(60)),
                    Load.CONSTANT),
            new ChurnScenario("f", "a scrape each 60 s", SHORT, Load.CONSTANT, false, Duration.ofSeconds(60), null),
            new ChurnScenario(
                    "g", "rare events, series created at the first", SHORT, Load.CONSTANT, true, INTERVAL, null),
            plain("h", "no churn", Lives.FOR_EVER, Load.CONSTANT),
            new ChurnScenario(
                    "i",
                    "half of the pods unreachable for 6 min",
                    Lives.FOR_EVER,
                    Load.CONSTANT,
                    false,
                    INTERVAL,
                    new Outage(Duration.ofMinutes(30), Duration.ofMinutes(36))));

    /** The scenario of this letter. */
    public static ChurnScenario of(String letter) {
        return ALL.stream()
                .filter(scenario -> scenario.letter.equals(letter))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("scenario: " + letter + " (expected: a to i)"));
    }

    private static ChurnScenario plain(String letter, String title, Lives lives, Load load) {
        return new ChurnScenario(letter, title, lives, load, false, INTERVAL, null);
    }

    /**
     * How long processes live, evenly between two bounds.
     *
     * @param shortest of all lives
     * @param longest of all lives; zero for ever
     * @param restarts whether the same pod starts anew at the same address, else another pod at another
     */
    record Lives(Duration shortest, Duration longest, boolean restarts) {
        static final Lives FOR_EVER = new Lives(Duration.ZERO, Duration.ZERO, false);

        static Lives ofPods(Duration shortest, Duration longest) {
            return new Lives(shortest, longest, false);
        }

        Lives inPlace() {
            return new Lives(shortest, longest, true);
        }
    }

    /** From when to when, since the run began. */
    record Outage(Duration from, Duration to) {}
}
