package dev.weir.queryserver.frontier;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * For how long each project's newest complete window was how old: now less the frontier, which grows as time passes and drops
 * when a window arrives. Exact, however seldom it is asked: while a frontier stands, freshness takes every value between
 * that at its arrival and that at its end for equally long. A project without a frontier has none, and begins anew with its
 * next one. Thread-safe.
 */
public final class Freshness {
    /** Upper bounds of the buckets but the last, in seconds: fine around a few windows. */
    private static final double[] BOUNDS_SECONDS = bounds();

    private final Map<String, Spell> spells = new HashMap<>();

    /**
     * The time that a project's freshness spent in each bucket, as a histogram with one observation a second.
     *
     * @param upperBounds in seconds, ascending, the last one +Inf
     * @param cumulativeSeconds at or below each bound
     * @param sum mean freshness times all the seconds
     */
    @SuppressWarnings("ArrayRecordComponent") // Made for one reader, who does not compare it.
    public record Distribution(double[] upperBounds, double[] cumulativeSeconds, double sum) {}

    private static final class Spell {
        long frontierMs;
        long countedMs;
        final double[] seconds = new double[BOUNDS_SECONDS.length + 1];
        double sum;

        Spell(long frontierMs, long nowMs) {
            this.frontierMs = frontierMs;
            this.countedMs = nowMs;
        }

        void count(long nowMs) {
            if (nowMs <= countedMs) {
                return;
            }
            double from = Math.max(0, countedMs - frontierMs) / 1e3;
            double to = Math.max(0, nowMs - frontierMs) / 1e3;
            double lasted = (nowMs - countedMs) / 1e3;
            double lower = 0;
            for (int i = 0; i < seconds.length; i++) {
                double upper = i < BOUNDS_SECONDS.length ? BOUNDS_SECONDS[i] : Double.POSITIVE_INFINITY;
                seconds[i] += Math.max(0, Math.min(to, upper) - Math.max(from, lower));
                lower = upper;
            }
            // Where the frontier is ahead of this clock nothing lies between the two.
            seconds[0] += Math.max(0, lasted - (to - from));
            sum += (from + to) / 2 * (to - from);
            countedMs = nowMs;
        }

        Distribution distribution() {
            double[] bounds = Arrays.copyOf(BOUNDS_SECONDS, seconds.length);
            bounds[seconds.length - 1] = Double.POSITIVE_INFINITY;
            double[] cumulative = seconds.clone();
            Arrays.parallelPrefix(cumulative, Double::sum);
            return new Distribution(bounds, cumulative, sum);
        }
    }

    /** Counts the time up to now by the former frontiers, and from now on by these. */
    public synchronized void follow(Frontiers frontiers, long nowMs) {
        Map<String, Long> present = frontiers.millisByProject();
        spells.keySet().retainAll(present.keySet());
        present.forEach((project, frontierMs) -> {
            Spell spell = spells.get(project);
            if (spell == null) {
                spells.put(project, new Spell(frontierMs, nowMs));
            } else if (spell.frontierMs != frontierMs) {
                spell.count(nowMs);
                spell.frontierMs = frontierMs;
            }
        });
    }

    /** Up to now, by project. */
    public synchronized Map<String, Distribution> distributions(long nowMs) {
        Map<String, Distribution> distributions = new TreeMap<>();
        spells.forEach((project, spell) -> {
            spell.count(nowMs);
            distributions.put(project, spell.distribution());
        });
        return distributions;
    }

    private static double[] bounds() {
        double[] coarse = {25, 30, 40, 50, 60, 90, 120, 300, 600, 1_800, 3_600};
        double[] bounds = new double[20 + coarse.length];
        for (int i = 0; i < 20; i++) {
            bounds[i] = i + 1;
        }
        System.arraycopy(coarse, 0, bounds, 20, coarse.length);
        return bounds;
    }
}
