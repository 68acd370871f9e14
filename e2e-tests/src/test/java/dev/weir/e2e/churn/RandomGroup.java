package dev.weir.e2e.churn;

import dev.weir.e2e.churn.Watched.Line;
import dev.weir.schemas.ScrapeOutcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Half an hour of one group of targets, at random: processes come and go in place, with and without a told start; series
 * begin late and are missing for a while; one or two scrapers, of which each pauses now and then; scrapes that are refused,
 * fail, come twice or late; last words, told to a scraper or by a sidecar; values that are none.
 *
 * <p>Nothing begins within some seconds of a scrape: there clocks of a second's resolution cannot tell what was first.
 */
final class RandomGroup {
    private static final long LENGTH_MS = 1_800_000;
    private static final long INTERVAL_MS = 20_000;
    private static final long BESIDE_SCRAPES_MS = 4_000;
    private static final int CODES = 3;

    private final Random random;
    private final String name;
    private final long epochMs;
    private final List<Watched> scrapes = new ArrayList<>();
    /** Whether scrapers' clocks may be wrong by more than the frontier's distance. */
    final boolean skewed;

    RandomGroup(int seed, long epochMs) {
        this.random = new Random(seed);
        this.name = "seed-" + seed;
        this.epochMs = epochMs;
        this.skewed = seed % 4 == 3;
        for (int target = 1 + random.nextInt(3); target > 0; target--) {
            new Target("pod-" + target).live();
        }
    }

    String name() {
        return name;
    }

    /** In no order. */
    List<Watched> scrapes() {
        return scrapes;
    }

    private boolean oneIn(int n) {
        return random.nextInt(n) == 0;
    }

    private static final class Life {
        final long startMs;
        final Map<Integer, Long> created = new TreeMap<>();
        final Map<Integer, Double> counts = new TreeMap<>();

        Life(long startMs) {
            this.startMs = startMs;
        }
    }

    private final class Scraper {
        final String id;
        final long phaseMs;
        final long skewMs = skewed ? random.nextInt(300_000) - 150_000 : 0;
        final long watchedSinceMs;
        long pausedUntilMs;

        Scraper(String id, long phaseMs, long watchedSinceMs) {
            this.id = id;
            this.phaseMs = phaseMs;
            this.watchedSinceMs = watchedSinceMs;
        }
    }

    private final class Target {
        final String pod;
        final boolean tellsStart = !oneIn(4);
        final boolean tellsCreated = oneIn(3);
        final long clockMs = oneIn(3) ? random.nextInt(600_000) - 300_000 : 0;
        final boolean tellsDate = skewed || clockMs != 0 || oneIn(2);
        /** Until then nobody listens, whatever runs. */
        final long opensMs = oneIn(4) ? random.nextInt(60_000) : 0;

        final List<Scraper> scrapers = new ArrayList<>();
        final Scraper sidecar = new Scraper("sidecar", 0, 0);

        @Nullable
        Life process;

        Target(String pod) {
            this.pod = pod;
            scrapers.add(new Scraper("a", 1_000 + random.nextInt(2_000), 0));
            if (oneIn(2)) {
                scrapers.add(new Scraper("b", 11_000 + random.nextInt(2_000), oneIn(2) ? 0 : 300_000));
            }
        }

        void live() {
            long changeMs = 0;
            process = oneIn(4) ? null : new Life(oneIn(4) ? -5L * 3_600_000 : -60_000L);
            for (long now = 0; now < LENGTH_MS; now += 1_000) {
                if (now >= changeMs && now > 0 && isFree(now)) {
                    if (process != null && oneIn(3)) {
                        take(oneIn(2) ? sidecar : scrapers.get(0), process, ScrapeOutcome.BODY, now, true);
                    }
                    process = process == null ? new Life(now) : null;
                    changeMs = now
                            + (process == null ? 3_000L + random.nextInt(60_000) : 30_000L + random.nextInt(600_000));
                } else if (now == 0) {
                    changeMs = 20_000L + random.nextInt(300_000);
                }
                if (process != null) {
                    work(process, now);
                }
                for (Scraper scraper : scrapers) {
                    if (now >= scraper.watchedSinceMs
                            && now >= scraper.pausedUntilMs
                            && now % INTERVAL_MS == scraper.phaseMs / 1_000 * 1_000) {
                        scrape(scraper, now + scraper.phaseMs % 1_000);
                    }
                }
            }
        }

        private boolean isFree(long now) {
            return scrapers.stream().allMatch(scraper -> {
                long beside = Math.floorMod(now - scraper.phaseMs, INTERVAL_MS);
                return beside > BESIDE_SCRAPES_MS && beside < INTERVAL_MS - BESIDE_SCRAPES_MS;
            });
        }

        private void work(Life running, long now) {
            for (int code = 0; code < CODES; code++) {
                if (!running.counts.containsKey(code) && oneIn(code == 0 ? 5 : 200) && isFree(now)) {
                    running.created.put(code, now);
                    running.counts.put(code, 0.0);
                }
                running.counts.computeIfPresent(code, (key, count) -> oneIn(3) ? count + random.nextInt(50) : count);
            }
        }

        private void scrape(Scraper scraper, long now) {
            if (oneIn(40)) {
                scraper.pausedUntilMs = now + random.nextInt(300_000);
            }
            Life running = process;
            ScrapeOutcome outcome = oneIn(12)
                    ? ScrapeOutcome.TIMED_OUT
                    : running == null || now < opensMs ? ScrapeOutcome.REFUSED : ScrapeOutcome.BODY;
            take(scraper, running, outcome, now, false);
        }

        private void take(Scraper scraper, @Nullable Life running, ScrapeOutcome outcome, long now, boolean last) {
            boolean answered = outcome == ScrapeOutcome.BODY && running != null;
            Watched scrape = new Watched(
                    name,
                    pod,
                    scraper.id,
                    epochMs + now + scraper.skewMs,
                    epochMs + now + 20,
                    INTERVAL_MS,
                    epochMs + scraper.watchedSinceMs + scraper.skewMs,
                    tellsDate && answered ? Math.floorDiv(epochMs + now + clockMs, 1_000) * 1_000 : null,
                    outcome,
                    tellsStart && running != null && answered ? epochMs + running.startMs + clockMs : null,
                    answered && running != null ? page(running) : List.of(),
                    last);
            scrapes.add(scrape);
            if (oneIn(15)) {
                scrapes.add(scrape.appendedAt(scrape.appendMs() + 1 + random.nextInt(oneIn(3) ? 200_000 : 30_000)));
            }
        }

        private List<Line> page(Life running) {
            List<Line> lines = new ArrayList<>();
            running.counts.forEach((code, count) -> {
                if (oneIn(15)) {
                    return;
                }
                Long began = running.created.get(code);
                Long created = tellsCreated && began != null ? epochMs + began + clockMs : null;
                lines.add(new Line("c_total", code, List.of(oneIn(60) ? Double.NaN : count), Double.NaN, created));
                lines.add(new Line(
                        "h",
                        code,
                        List.of(Math.floor(count / 3), Math.floor(count / 3) + Math.floor((count + 1) / 3), count),
                        count / 4,
                        created));
            });
            return lines;
        }
    }
}
