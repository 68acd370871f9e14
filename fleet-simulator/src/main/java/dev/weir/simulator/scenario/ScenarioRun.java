package dev.weir.simulator.scenario;

import dev.weir.simulator.load.Draws;
import dev.weir.simulator.scenario.ScenarioScrape.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * One run of a scenario: its processes, the truth, and the scrapes of a scraper that looks at each target once an interval,
 * at the target's own phase. A function of scenario and seed. Immutable.
 */
public final class ScenarioRun {
    /** How old the processes are that live for ever. */
    private static final long GROWN_MS = Duration.ofHours(4).toMillis();

    private static final long LONGEST_GAP_MS = 2_000;
    private static final long SHORTEST_RESTART_MS = 2_000;
    private static final long LONGEST_ANSWER_MS = 40;

    private final ChurnScenario scenario;
    private final long seed;
    private final long lengthMs;
    private final List<List<Life>> slots = new ArrayList<>();

    public ScenarioRun(ChurnScenario scenario, long seed, int slotCount, Duration length) {
        this.scenario = scenario;
        this.seed = Draws.mix(seed, scenario.letter().charAt(0));
        this.lengthMs = length.toMillis();
        for (int slot = 0; slot < slotCount; slot++) {
            slots.add(lives(slot));
        }
    }

    public ChurnScenario scenario() {
        return scenario;
    }

    /** What the counter to look at has truly counted by then, over all processes that ever were. */
    public long truth(long ms) {
        return slots.stream()
                .flatMap(List::stream)
                .mapToLong(life -> watched(life, ms))
                .sum();
    }

    /**
     * All scrapes of the run, by the time of their answers.
     *
     * @param lastWords whether every process tells what it came to when it ends, and those that live when the run ends
     */
    public List<ScenarioScrape> scrapes(boolean lastWords) {
        List<ScenarioScrape> scrapes = new ArrayList<>();
        for (List<Life> lives : slots) {
            for (int i = 0; i < lives.size(); i++) {
                Life life = lives.get(i);
                boolean sameTarget =
                        i + 1 < lives.size() && lives.get(i + 1).pod().equals(life.pod());
                long gone = sameTarget ? lives.get(i + 1).startMs() : life.endMs();
                scrape(life, Math.min(gone, lengthMs), scrapes);
                if (lastWords) {
                    scrapes.add(body(life, Math.min(life.endMs(), lengthMs), true));
                }
            }
        }
        scrapes.sort(Comparator.comparingLong(ScenarioScrape::answeredMs).thenComparing(ScenarioScrape::pod));
        return scrapes;
    }

    /** While the process lives, and of a pod that starts anew until it does. */
    private void scrape(Life life, long untilMs, List<ScenarioScrape> scrapes) {
        long interval = scenario.scrapeInterval().toMillis();
        long phase = Math.floorMod(Draws.mix(seed, life.pod().hashCode()), interval);
        long first = Math.max(0, life.startMs());
        for (long at = first + Math.floorMod(phase - first, interval); at < untilMs; at += interval) {
            if (isCutOff(life, at)) {
                scrapes.add(empty(life, at, Outcome.TIMED_OUT));
            } else if (at >= life.endMs()) {
                scrapes.add(empty(life, at, Outcome.REFUSED));
            } else {
                scrapes.add(body(life, at, false));
            }
        }
    }

    private boolean isCutOff(Life life, long ms) {
        ChurnScenario.Outage outage = scenario.outage();
        return outage != null
                && life.slot() % 2 == 0
                && ms >= outage.from().toMillis()
                && ms < outage.to().toMillis();
    }

    private ScenarioScrape body(Life life, long at, boolean last) {
        long value = watched(life, at);
        boolean absent = scenario.failures() && value == 0;
        return new ScenarioScrape(
                life.pod(),
                at,
                at + answerMs(life, at),
                Outcome.BODY,
                life.startMs(),
                absent ? ScenarioScrape.ABSENT : value,
                scenario.load().count(life, at),
                last);
    }

    private static ScenarioScrape empty(Life life, long at, Outcome outcome) {
        return new ScenarioScrape(
                life.pod(),
                at,
                at + answerMs(life, at),
                outcome,
                0,
                ScenarioScrape.ABSENT,
                ScenarioScrape.ABSENT,
                false);
    }

    private static long answerMs(Life life, long at) {
        return 1 + (long) (Draws.unit(life.seed(), at) * LONGEST_ANSWER_MS);
    }

    private long watched(Life life, long ms) {
        return scenario.failures() ? Load.rareCount(life, ms) : scenario.load().count(life, ms);
    }

    private List<Life> lives(int slot) {
        ChurnScenario.Lives rule = scenario.lives();
        long slotSeed = Draws.mix(seed, slot);
        long spread = rule.longest().minus(rule.shortest()).toMillis();
        List<Life> lives = new ArrayList<>();
        if (rule.longest().isZero()) {
            long start = -GROWN_MS - (long) (Draws.unit(slotSeed, 0) * LONGEST_GAP_MS);
            return List.of(new Life(slotSeed, slot, pod(slot, 0), start, lengthMs));
        }
        // The first began at any time of a life before the run, and well before it.
        long start = -(long) (Draws.unit(slotSeed, 0) * rule.shortest().toMillis() / 2)
                - rule.shortest().toMillis() / 4;
        for (int i = 0; start < lengthMs; i++) {
            long lifeSeed = Draws.mix(slotSeed, 1_000 + i);
            long end = start + rule.shortest().toMillis() + (long) (Draws.unit(lifeSeed, 0) * spread);
            lives.add(new Life(lifeSeed, slot, pod(slot, rule.restarts() ? 0 : i), start, end));
            long gap = (long) (Draws.unit(lifeSeed, 4) * LONGEST_GAP_MS);
            start = end + gap + (rule.restarts() ? SHORTEST_RESTART_MS : 0);
        }
        return lives;
    }

    private String pod(int slot, int ordinal) {
        String unique = Long.toString(Draws.mix(seed, slot * 10_000L + ordinal) >>> 1, 36);
        return "vllm-" + slot + "-" + unique.substring(0, 5);
    }
}
