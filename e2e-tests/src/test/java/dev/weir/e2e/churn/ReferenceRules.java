package dev.weir.e2e.churn;

import dev.weir.e2e.churn.Watched.Line;
import dev.weir.schemas.ScrapeOutcome;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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

        /** When the newest page was looked at, by the target's clock. */
        long lookedMs;

        /** When a page was appended last, or a sidecar's last word. */
        long pageAppendMs;

        boolean ended;

        /** By scraper its newest scrape, taken or not. */
        final Map<String, Long> newestRequestMs = new HashMap<>();

        final Map<String, Line> series = new HashMap<>();
    }

    private final Map<String, Target> targets = new HashMap<>();
    private final Map<Output, List<Gain>> gains =
            new TreeMap<>((a, b) -> a.toString().compareTo(b.toString()));
    private double unaccounted;

    /** By output series. */
    Map<Output, List<Gain>> gains() {
        return gains;
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
        boolean changed = newest != null && !scrape.scraper().equals(newest.scraper());
        if (scrape.last() && (changed || newest == null)) {
            if (scrape.outcome() == ScrapeOutcome.BODY && isLastOf(target, scrape)) {
                takePage(target, scrape, true);
                target.lookedMs = Math.max(target.lookedMs, targetTime(scrape));
            }
            return;
        }
        Long known = target.newestRequestMs.get(scrape.scraper());
        boolean older = known != null && scrape.requestMs() <= known;
        boolean silent = newest == null || scrape.appendMs() - newest.appendMs() > 2 * scrape.intervalMs();
        if (older || (changed && !silent)) {
            if (!older) {
                target.newestRequestMs.put(scrape.scraper(), scrape.requestMs());
            }
            return;
        }
        target.newestRequestMs.put(scrape.scraper(), scrape.requestMs());
        if (scrape.outcome() == ScrapeOutcome.BODY) {
            takePage(target, scrape, changed);
            target.lookedMs = targetTime(scrape);
            target.newestPage = scrape;
            target.ended = false;
        }
        target.ended |= scrape.last();
        target.newest = scrape;
    }

    /** Whether it is of the process that was seen last, or of one that began later. */
    private static boolean isLastOf(Target target, Watched scrape) {
        if (target.lookedMs == 0) {
            return true;
        }
        Long start = scrape.processStartMs();
        Long known = target.processStartMs;
        if (start == null || known == null) {
            return targetTime(scrape) > target.lookedMs;
        }
        return !differ(start, known) || beganSince(scrape, start, target.lookedMs);
    }

    private void takePage(Target target, Watched scrape, boolean changed) {
        Watched before = target.newestPage;
        Long start = scrape.processStartMs();
        Long formerStart = target.processStartMs;
        boolean looked = target.lookedMs != 0;
        boolean ended = target.ended && (start == null || formerStart == null);
        boolean moved = looked && (ended || (start != null && formerStart != null && differ(start, formerStart)));
        if (moved) {
            target.series.clear();
        }
        long lookedMs = looked ? target.lookedMs : scrape.watchedSinceMs() - offset(scrape);
        Watched newest = target.newest;
        boolean refused = newest != null && newest.outcome() == ScrapeOutcome.REFUSED && !isTooOld(scrape, start);
        boolean absent = looked && !moved;
        boolean processBegan = start == null ? ended : (moved || !looked) && beganSince(scrape, start, lookedMs);
        Long since = looked ? (Long) (scrape.appendMs() - target.pageAppendMs) : null;
        if (!changed && before != null && before.scraper().equals(scrape.scraper())) {
            since = scrape.requestMs() - before.requestMs();
        }
        for (Line line : scrape.lines()) {
            if (line.values().stream().anyMatch(value -> !(value >= 0) || value.isInfinite())) {
                target.series.putIfAbsent(key(line), line);
                continue;
            }
            boolean began = beganSince(scrape, line.createdMs(), lookedMs);
            Line known = target.series.get(key(line));
            if (known == null) {
                boolean byTarget = (refused || absent || processBegan) && !isTooOld(scrape, line.createdMs());
                start(scrape, since, line, byTarget || began);
            } else if (known.values().stream().anyMatch(value -> value.isNaN())) {
                start(scrape, since, line, false);
            } else if (createdMoved(line, known)) {
                start(scrape, since, line, began);
            } else if (!isBelow(line, known)) {
                gain(scrape, since, line, known.values(), known.sum());
            } else if (changed) {
                continue;
            } else {
                start(scrape, since, line, true);
            }
            target.series.put(key(line), line);
        }
        if (start != null || moved) {
            target.processStartMs = start;
        }
        target.pageAppendMs = scrape.appendMs();
    }

    private void start(Watched scrape, @Nullable Long since, Line line, boolean fromZero) {
        if (fromZero) {
            gain(scrape, since, line, line.values().stream().map(value -> 0.0).toList(), 0);
        } else {
            unaccounted += line.values().get(line.values().size() - 1);
        }
    }

    private void gain(Watched scrape, @Nullable Long since, Line line, List<Double> former, double formerSum) {
        List<Double> amounts = new ArrayList<>();
        for (int i = 0; i < former.size(); i++) {
            amounts.add(line.values().get(i) - former.get(i));
        }
        Long began = line.createdMs() != null ? line.createdMs() : scrape.processStartMs();
        long took = since != null ? since : began != null ? targetTime(scrape) - began : scrape.intervalMs();
        long seen = Math.max(Math.min(scrape.requestMs(), scrape.appendMs()), scrape.appendMs() - FRONTIER_DISTANCE_MS);
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
