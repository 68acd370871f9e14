package dev.weir.e2e.churn;

import dev.weir.simulator.scenario.ScenarioScrape;
import dev.weir.simulator.scenario.ScenarioScrape.Outcome;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What the scrapes of a run saw, added up pod by pod and process by process, as simply as can be, on the schedule of rule 4,
 * by which what a scrape saw is released over as long again as it took.
 */
final class LastScrapes {
    private static final long SHORTEST_MS = 5_000;
    private static final long LONGEST_MS = 60_000;

    /** What one scrape added. */
    private record Gain(long atMs, long tookMs, long amount) {}

    private static final class Pod {
        long processStartMs;
        long value;
        long successMs = -1;
    }

    private final double[] released;
    private long total;
    private long before;

    /**
     * @param scrapes of pods watched since 0, by time; a process that began before it is counted from its first scrape
     * @param runMs until when they are looked at
     */
    LastScrapes(List<ScenarioScrape> scrapes, long runMs) {
        this.released = new double[(int) (runMs / Increases.WINDOW_MS) + 1];
        Map<String, Pod> pods = new HashMap<>();
        for (ScenarioScrape scrape : scrapes) {
            if (scrape.outcome() == Outcome.BODY) {
                take(pods.computeIfAbsent(scrape.pod(), name -> new Pod()), scrape);
            }
        }
    }

    /** All that was seen. */
    long total() {
        return total;
    }

    /** What processes that began before they were watched had counted when they were first seen. */
    long before() {
        return before;
    }

    /** What is released by a window's end. */
    double releasedBy(long ms) {
        return released[(int) (ms / Increases.WINDOW_MS)];
    }

    private void take(Pod pod, ScenarioScrape scrape) {
        boolean known = pod.successMs >= 0;
        long value = Math.max(0, scrape.value());
        boolean sameProcess = known && pod.processStartMs == scrape.processStartMs();
        long since = known ? pod.successMs : scrape.processStartMs();
        if (sameProcess || scrape.processStartMs() >= 0) {
            add(new Gain(scrape.atMs(), scrape.atMs() - since, value - (sameProcess ? pod.value : 0)));
        } else {
            before += value;
        }
        pod.processStartMs = scrape.processStartMs();
        pod.value = value;
        pod.successMs = scrape.atMs();
    }

    private void add(Gain gain) {
        total += gain.amount;
        double length = Math.min(Math.max(gain.tookMs, SHORTEST_MS), LONGEST_MS);
        for (int window = Math.toIntExact(gain.atMs / Increases.WINDOW_MS); window < released.length; window++) {
            long end = window * Increases.WINDOW_MS;
            double share = Math.min(Math.max((end - gain.atMs) / length, 0), 1);
            released[window] += Math.rint(gain.amount * share);
        }
    }
}
