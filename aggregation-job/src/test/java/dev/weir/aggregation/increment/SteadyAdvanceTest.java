package dev.weir.aggregation.increment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.aggregation.increment.ScrapeFacts.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Arrays against arrays gives what series by series gives. The oracle has its series in another order in each scrape, which
 * the rules take one by one.
 */
class SteadyAdvanceTest {
    private static final double[] BOUNDS = {1, 2, Double.POSITIVE_INFINITY};

    private final IncrementRules rules = new IncrementRules(Duration.ofMinutes(20));
    private TargetMemory memory = new TargetMemory();
    private TargetMemory oracleMemory = new TargetMemory();
    private int steady;

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16})
    void givesWhatTheRulesGiveSeriesBySeries(int seed) {
        Random random = new Random(seed);
        double[][] values = new double[12][3];
        long now = 1_700_000_000_000L;
        long startMs = now;
        for (int scrape = 0; scrape < 400; scrape++) {
            now += 5_000;
            List<CumulativeSample> samples = new ArrayList<>();
            for (int i = 0; i < values.length; i++) {
                change(random, values[i]);
                if (random.nextInt(150) > 0) {
                    samples.add(sample(random, i, values[i], startMs));
                }
            }
            if (random.nextInt(100) == 0) {
                startMs = now;
            }
            ScrapeFacts facts = new ScrapeFacts(
                    random.nextInt(80) == 0 ? "b" : "a",
                    now,
                    now + 10,
                    1_000,
                    1_700_000_000_000L,
                    0,
                    random.nextInt(50) == 0 ? Outcome.REFUSED : Outcome.SUCCESS,
                    random.nextInt(3) == 0 ? startMs : ScrapeFacts.UNKNOWN,
                    0,
                    random.nextInt(100) == 0);
            List<CumulativeSample> seen = facts.outcome() == Outcome.SUCCESS ? samples : List.of();
            List<CumulativeSample> shuffled = new ArrayList<>(seen);
            Collections.shuffle(shuffled, random);
            Told expected = new Told(shuffled);
            Told actual = new Told(seen);
            SeriesColumns before = memory.series.columns;
            assertEquals(
                    rules.apply(oracleMemory, facts, CumulativeScrape.of(shuffled), expected),
                    rules.apply(memory, facts, CumulativeScrape.of(seen), actual));
            steady += before.sameAs(memory.series.columns) ? 1 : 0;
            assertEquals(expected.lines, actual.lines, "scrape " + scrape);
            if (random.nextInt(20) == 0) {
                memory = memory.copy();
                oracleMemory = oracleMemory.copy();
            }
        }
        assertTrue(steady > 50, "scrapes of the same series as before: " + steady);
    }

    private static void change(Random random, double[] values) {
        for (int k = 0; k < values.length; k++) {
            values[k] = random.nextInt(200) == 0 ? 0 : values[k] + Math.max(0, random.nextInt(8) - 4);
        }
    }

    private static CumulativeSample sample(Random random, int id, double[] values, long startMs) {
        long createdMs = id % 4 == 0 ? startMs + random.nextInt(1_000) : ScrapeFacts.UNKNOWN;
        if (id % 3 == 0) {
            double sum = random.nextInt(30) == 0 ? Double.NaN : values[0] * 0.5 - random.nextInt(3);
            double[] cumulative = {values[0], values[0] + values[1], values[0] + values[1] + values[2]};
            if (random.nextInt(100) == 0) {
                cumulative[1] += 3; // Torn.
            }
            return CumulativeSample.histogram(id, BOUNDS, cumulative, sum, createdMs);
        }
        double value = random.nextInt(300) == 0 ? Double.NaN : values[0];
        return CumulativeSample.counter(id, value, createdMs);
    }

    /** What was told, by series. */
    private static final class Told implements IncrementSink {
        private final List<CumulativeSample> samples;
        final TreeMap<Long, String> lines = new TreeMap<>();

        Told(List<CumulativeSample> samples) {
            this.samples = samples;
        }

        @Override
        public void moved(int index, double[] amounts, double sumAmount, long tookMs, boolean reset) {
            add(index, "moved " + Arrays.toString(amounts) + " " + sumAmount + " " + tookMs + " " + reset);
        }

        @Override
        public void reset(int series, Reset reason) {}

        @Override
        public void alive(int index) {
            add(index, "alive");
        }

        @Override
        public void baseline(int index, double unaccounted, Baseline reason) {
            add(index, "baseline " + unaccounted + " " + reason);
        }

        private void add(int index, String line) {
            lines.merge(samples.get(index).seriesId(), line, (a, b) -> a + " and " + b);
        }
    }
}
