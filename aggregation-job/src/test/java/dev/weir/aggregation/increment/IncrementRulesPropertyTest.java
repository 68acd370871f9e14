package dev.weir.aggregation.increment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.aggregation.increment.ScrapeFacts.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random lives of one target: processes that come and go, series born late and missing for a while, two scrapers with
 * skewed clocks, failed scrapes, duplicates. The oracle is the sum over processes of the highest value that an accepted
 * scrape saw.
 */
class IncrementRulesPropertyTest {
    private static final Duration EXPIRY = Duration.ofMinutes(20);

    static IntStream seeds() {
        return IntStream.range(0, 400);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void isNeverAboveTheTruthAndBelowItOnlyByWhatIsUnaccounted(int seed) {
        World world = new World(seed, true);
        world.run();
        assertTrue(world.counted() <= world.seen(), "counted " + world.counted() + ", seen " + world.seen());
        double shortfall = world.seen() - world.counted();
        if (world.expired) {
            assertTrue(shortfall <= world.unaccounted, shortfall + " missing, unaccounted " + world.unaccounted);
        } else {
            assertEquals(world.unaccounted, shortfall, "what is missing is what is unaccounted");
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void isNeverAboveTheTruthEvenWhereNoStartIsKnown(int seed) {
        World world = new World(seed, false);
        world.run();
        assertTrue(
                world.counted() + (world.expired ? 0 : world.unaccounted) <= world.seen(),
                "counted " + world.counted() + ", seen " + world.seen());
    }

    private static final class Life {
        final long startMs;
        final Map<Long, Double> values = new HashMap<>();
        final Map<Long, Long> created = new HashMap<>();
        final Map<Long, Double> seen = new HashMap<>();

        Life(long startMs) {
            this.startMs = startMs;
        }
    }

    private static final class World implements IncrementSink {
        final Random random;
        final boolean startsKnown;
        final boolean createdKnown;
        final IncrementRules rules = new IncrementRules(EXPIRY);
        final List<Life> processes = new ArrayList<>();
        final long[] skewMs = new long[2];
        TargetMemory memory = new TargetMemory();
        double counted;
        double unaccounted;
        boolean expired;

        World(int seed, boolean startsKnown) {
            this.random = new Random(seed);
            this.startsKnown = startsKnown;
            this.createdKnown = startsKnown && random.nextBoolean();
            skewMs[0] = random.nextInt(600_000) - 300_000L;
            skewMs[1] = random.nextInt(600_000) - 300_000L;
        }

        double counted() {
            return counted;
        }

        double seen() {
            return processes.stream()
                    .flatMap(process -> process.seen.values().stream())
                    .mapToDouble(Double::doubleValue)
                    .sum();
        }

        void run() {
            long now = 1_700_000_000_000L;
            long watchedSince = now + random.nextInt(120_000);
            Life alive = new Life(now);
            processes.add(alive);
            boolean[] scraping = {true, random.nextBoolean()};
            ScrapeFacts duplicate = null;
            List<CumulativeSample> duplicateSamples = List.of();
            for (int step = 0; step < 300; step++) {
                now += 5_000 + random.nextInt(50);
                if (alive != null && random.nextInt(40) == 0) {
                    alive = null;
                } else if (alive == null && random.nextInt(3) == 0) {
                    alive = new Life(now - random.nextInt(3_000));
                    processes.add(alive);
                }
                if (alive != null) {
                    live(alive, now);
                }
                int who = random.nextInt(2);
                if (random.nextInt(30) == 0) {
                    scraping[who] = !scraping[who];
                }
                if (now < watchedSince || !scraping[who]) {
                    continue;
                }
                Outcome outcome =
                        random.nextInt(8) == 0 ? Outcome.FAILED : alive == null ? Outcome.REFUSED : Outcome.SUCCESS;
                List<CumulativeSample> samples =
                        outcome == Outcome.SUCCESS && alive != null ? expose(alive) : List.of();
                ScrapeFacts facts = new ScrapeFacts(
                        "scraper-" + who,
                        now + skewMs[who],
                        now + 20,
                        10_000,
                        watchedSince + skewMs[who],
                        startsKnown ? skewMs[who] : 0,
                        outcome,
                        startsKnown && alive != null ? alive.startMs : ScrapeFacts.UNKNOWN,
                        0,
                        false);
                take(facts, samples, alive);
                if (duplicate != null && random.nextInt(4) == 0) {
                    take(duplicate, duplicateSamples, null);
                }
                duplicate = facts;
                duplicateSamples = samples;
                if (random.nextInt(20) == 0) {
                    memory = memory.copy();
                }
            }
        }

        private void live(Life process, long now) {
            int mostSeries = 1 + random.nextInt(5);
            for (long id = 0; id < mostSeries; id++) {
                if (process.values.containsKey(id) || random.nextInt(4) == 0) {
                    process.created.putIfAbsent(id, now);
                    process.values.merge(id, (double) random.nextInt(1_000), Double::sum);
                }
            }
        }

        private List<CumulativeSample> expose(Life process) {
            List<CumulativeSample> samples = new ArrayList<>();
            process.values.forEach((id, value) -> {
                if (random.nextInt(10) > 0) {
                    long created = createdKnown ? process.created.get(id) : ScrapeFacts.UNKNOWN;
                    samples.add(CumulativeSample.counter(id, value, created));
                }
            });
            return samples;
        }

        private void take(ScrapeFacts facts, List<CumulativeSample> samples, @Nullable Life process) {
            TargetMemory before = memory.copy();
            if (rules.apply(memory, facts, CumulativeScrape.of(samples), this) != IncrementRules.Verdict.ACCEPTED
                    || process == null) {
                return;
            }
            expired |= memory.forgotSeries || (before.series.size() > memory.series.size() && !startsKnown);
            for (CumulativeSample sample : samples) {
                process.seen.merge(sample.seriesId(), sample.total(), Math::max);
            }
        }

        @Override
        public void moved(int index, double[] amounts, double sumAmount, long tookMs, boolean reset) {
            for (double amount : amounts) {
                assertTrue(amount >= 0, "amount " + amount);
                counted += amount;
            }
        }

        @Override
        public void reset(int series, Reset reason) {}

        @Override
        public void alive(int index) {}

        @Override
        public void baseline(int index, double value, Baseline reason) {
            unaccounted += value;
        }
    }
}
