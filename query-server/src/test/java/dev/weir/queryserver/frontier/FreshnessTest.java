package dev.weir.queryserver.frontier;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FreshnessTest {
    @Test
    void aFrontierThatStandsIsEveryAgeForEquallyLong() {
        Freshness freshness = new Freshness();
        freshness.follow(frontier("p", 100_000), 108_500);
        freshness.follow(frontier("p", 105_000), 113_000);
        Freshness.Distribution seen = ofP(freshness, 114_500);
        // 8.5 s to 13 s old, then 8 s to 9.5 s old.
        assertEquals(0, atOrBelow(seen, 8));
        assertEquals(1.5, atOrBelow(seen, 9), 1e-9);
        assertEquals(3, atOrBelow(seen, 10), 1e-9);
        assertEquals(6, atOrBelow(seen, 13), 1e-9);
        assertEquals(6, atOrBelow(seen, Double.POSITIVE_INFINITY), 1e-9);
        assertEquals(4.5 * 10.75 + 1.5 * 8.75, seen.sum(), 1e-9);
    }

    @Test
    void aProjectWithoutAFrontierHasNoFreshnessAndBeginsAnewWithTheNext() {
        Freshness freshness = new Freshness();
        freshness.follow(new Frontiers(Map.of("p", 100_000L, "q", 90_000L)), 110_000);
        freshness.follow(frontier("q", 90_000), 120_000);
        assertEquals(Set.of("q"), freshness.distributions(120_000).keySet());
        freshness.follow(frontier("p", 125_000), 130_000);
        assertEquals(1, total(ofP(freshness, 131_000)), 1e-9);
    }

    @Test
    void aFrontierAheadOfTheClockIsFreshAndAClockThatTurnsBackCountsNothing() {
        Freshness freshness = new Freshness();
        freshness.follow(frontier("p", 100_000), 97_000);
        Freshness.Distribution seen = ofP(freshness, 99_000);
        assertEquals(2, atOrBelow(seen, 1), 1e-9);
        assertEquals(2, total(ofP(freshness, 95_000)), 1e-9);
        assertEquals(3.5, atOrBelow(ofP(freshness, 100_500), 1), 1e-9);
    }

    @ParameterizedTest
    @ValueSource(longs = {61, 62, 63})
    void isAsTheAgesOfEveryMillisecondSay(long seed) {
        Random random = new Random(seed);
        Freshness freshness = new Freshness();
        long nowMs = 1_000_000;
        long frontierMs = nowMs - random.nextInt(30_000);
        freshness.follow(frontier("p", frontierMs), nowMs);
        double[] bounds = ofP(freshness, nowMs).upperBounds();
        double[] expected = new double[bounds.length];
        double sum = 0;
        for (int i = 0; i < 50; i++) {
            long nextMs = nowMs + random.nextInt(9_000);
            for (long ms = nowMs; ms < nextMs; ms++) {
                double age = (ms + 0.5 - frontierMs) / 1e3;
                for (int k = 0; k < bounds.length; k++) {
                    expected[k] += age <= bounds[k] ? 1e-3 : 0;
                }
                sum += age * 1e-3;
            }
            nowMs = nextMs;
            if (random.nextBoolean()) {
                frontierMs += random.nextInt((int) (nowMs - frontierMs) + 1);
            }
            freshness.follow(frontier("p", frontierMs), nowMs);
        }
        Freshness.Distribution seen = ofP(freshness, nowMs);
        assertArrayEquals(expected, seen.cumulativeSeconds(), 1e-6, () -> "seed " + seed);
        assertEquals(sum, seen.sum(), 1e-3);
    }

    private static Freshness.Distribution ofP(Freshness freshness, long nowMs) {
        return Objects.requireNonNull(freshness.distributions(nowMs).get("p"));
    }

    private static Frontiers frontier(String project, long frontierMs) {
        return new Frontiers(Map.of(project, frontierMs));
    }

    private static double total(Freshness.Distribution seen) {
        return atOrBelow(seen, Double.POSITIVE_INFINITY);
    }

    private static double atOrBelow(Freshness.Distribution seen, double bound) {
        return seen.cumulativeSeconds()[Arrays.binarySearch(seen.upperBounds(), bound)];
    }
}
