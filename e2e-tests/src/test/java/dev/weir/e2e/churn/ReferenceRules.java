package dev.weir.e2e.churn;

import dev.weir.e2e.churn.Watched.Line;
import dev.weir.schemas.ScrapeOutcome;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Rules 2, 4 and 5 of the meaning of the numbers, written down a second time, as plainly as they read: one thread, one map,
 * nothing shared with the job. What is not proven is no increment. Nothing expires.
 */
final class ReferenceRules {
    private static final long SAME_START_MS = 2_000;
    private static final long WINDOW_MS = 5_000;
    private static final long LONGEST_RELEASE_MS = 60_000;
    private static final long FRONTIER_DISTANCE_MS = 2_000;
    private static final long EXPIRY_MS = 3_600_000;
    /** What two ways to measure how long an increment took may differ by. */
    private static final double CLOCK_MS = 100;

    /** An output series: a family's label value in a group. */
    record Output(String group, String name, int code) {}

    /** Amounts, per value of the line, released evenly over a time. */
    record Gain(long fromMs, long lengthMs, List<Double> amounts, double sum) {
        double share(long ms) {
            return Math.min(1, Math.max(0, (ms - fromMs) / (double) lengthMs));
        }
    }

    /** What a target's scrapes told. */
    private static final class Target {
        @Nullable
        Watched newest;

        @Nullable
        Watched newestPage;

        @Nullable
        Long processStartMs;

        final Map<String, Line> series = new HashMap<>();
    }

    private final Map<String, Target> targets = new HashMap<>();
    private final Map<Output, List<Gain>> gains =
            new TreeMap<>((a, b) -> a.toString().compareTo(b.toString()));
    private final Set<String> late = new HashSet<>();
    private double unaccounted;

    /** By output series. */
    Map<Output, List<Gain>> gains() {
        return gains;
    }

    /** Whether a scrape of the group came so late that its release began when it came, which no rule tells exactly. */
    boolean wasLate(String group) {
        return late.contains(group);
    }

    /** What unproven series held when they were first seen. */
    double unaccounted() {
        return unaccounted;
    }

    /** Value {@code index} of the output at a window's end. */
    static double valueAt(List<Gain> gains, int index, long ms) {
        return gains.stream()
                .mapToDouble(gain -> gain.amounts.get(index) * gain.share(ms))
                .sum();
    }

    /** By how much integers may lie beside that: of every bucket up to it the running total is rounded, the last one never. */
    static double roundingAt(List<Gain> gains, int index, long ms) {
        return gains.stream()
                .filter(gain -> gain.fromMs - CLOCK_MS < ms && ms < gain.fromMs + gain.lengthMs + CLOCK_MS)
                .mapToDouble(gain -> 0.5 * (index + 1) + gain.amounts.get(index) * CLOCK_MS / gain.lengthMs)
                .sum();
    }

    void take(Watched scrape) {
        Target target = targets.computeIfAbsent(scrape.group() + '/' + scrape.target(), key -> new Target());
        Watched newest = target.newest;
        boolean changed = false;
        if (newest != null) {
            changed = !scrape.scraper().equals(newest.scraper()) || scrape.requestMs() <= newest.requestMs();
            boolean silent = scrape.appendMs() - newest.appendMs() > 2 * scrape.intervalMs();
            if (changed && !silent) {
                return;
            }
        }
        if (scrape.requestMs() < scrape.appendMs() - FRONTIER_DISTANCE_MS) {
            late.add(scrape.group());
        }
        if (scrape.outcome() == ScrapeOutcome.BODY) {
            takePage(target, scrape, changed);
            target.newestPage = scrape;
        }
        target.newest = scrape;
    }

    private void takePage(Target target, Watched scrape, boolean changed) {
        Watched before = target.newestPage;
        Long start = scrape.processStartMs();
        Long formerStart = target.processStartMs;
        boolean moved = before != null && start != null && formerStart != null && differ(start, formerStart);
        if (moved) {
            target.series.clear();
        }
        long lookedMs = before != null ? targetTime(before) : scrape.watchedSinceMs() - offset(scrape);
        Watched newest = target.newest;
        boolean refused = newest != null && newest.outcome() == ScrapeOutcome.REFUSED && !isTooOld(scrape, start);
        boolean absent = before != null && !moved;
        boolean processBegan = (moved || before == null) && beganSince(scrape, start, lookedMs);
        for (Line line : scrape.lines()) {
            if (line.values().stream().anyMatch(value -> !(value >= 0) || value.isInfinite())) {
                target.series.putIfAbsent(key(line), line);
                continue;
            }
            boolean began = beganSince(scrape, line.createdMs(), lookedMs);
            Line known = target.series.get(key(line));
            if (known == null) {
                boolean byTarget = (refused || absent || processBegan) && !isTooOld(scrape, line.createdMs());
                start(scrape, before, line, byTarget || began);
            } else if (known.values().stream().anyMatch(value -> value.isNaN())) {
                start(scrape, before, line, false);
            } else if (createdMoved(line, known)) {
                start(scrape, before, line, began);
            } else if (!isBelow(line, known)) {
                gain(scrape, before, line, known.values(), known.sum());
            } else if (changed) {
                continue;
            } else {
                start(scrape, before, line, true);
            }
            target.series.put(key(line), line);
        }
        if (start != null) {
            target.processStartMs = start;
        }
    }

    private void start(Watched scrape, @Nullable Watched before, Line line, boolean fromZero) {
        if (fromZero) {
            gain(scrape, before, line, line.values().stream().map(value -> 0.0).toList(), 0);
        } else {
            unaccounted += line.values().get(line.values().size() - 1);
        }
    }

    private void gain(Watched scrape, @Nullable Watched before, Line line, List<Double> former, double formerSum) {
        List<Double> amounts = new ArrayList<>();
        for (int i = 0; i < former.size(); i++) {
            amounts.add(line.values().get(i) - former.get(i));
        }
        Long began = line.createdMs() != null ? line.createdMs() : scrape.processStartMs();
        long took = before != null
                ? scrape.requestMs() - before.requestMs()
                : began != null ? targetTime(scrape) - began : scrape.intervalMs();
        long seen = Math.min(scrape.requestMs(), scrape.appendMs());
        long length = Math.min(LONGEST_RELEASE_MS, Math.max(WINDOW_MS, took));
        gains.computeIfAbsent(new Output(scrape.group(), line.name(), line.code()), key -> new ArrayList<>())
                .add(new Gain(seen, length, amounts, line.sum() - formerSum));
    }

    /** Whether a start is told that lies after the last look, and not so far back that it may have been forgotten. */
    private static boolean beganSince(Watched scrape, @Nullable Long start, long lookedMs) {
        return start != null && start > lookedMs && start <= targetTime(scrape) && !isTooOld(scrape, start);
    }

    private static boolean isTooOld(Watched scrape, @Nullable Long start) {
        return start != null && targetTime(scrape) - start > EXPIRY_MS;
    }

    private static boolean createdMoved(Line line, Line known) {
        return line.createdMs() != null && known.createdMs() != null && differ(line.createdMs(), known.createdMs());
    }

    private static boolean isBelow(Line line, Line known) {
        for (int i = 0; i < line.values().size(); i++) {
            if (line.values().get(i) < known.values().get(i)) {
                return true;
            }
        }
        return false;
    }

    private static boolean differ(long a, long b) {
        return Math.abs(a - b) > SAME_START_MS;
    }

    /** The scraper's clock less the target's; the Date header has seconds, so that little is nothing. */
    private static long offset(Watched scrape) {
        long offset = scrape.dateMs() == null ? 0 : scrape.requestMs() - scrape.dateMs();
        return Math.abs(offset) <= SAME_START_MS ? 0 : offset;
    }

    private static long targetTime(Watched scrape) {
        return scrape.requestMs() - offset(scrape);
    }

    private static String key(Line line) {
        return line.name() + '/' + line.code();
    }
}
