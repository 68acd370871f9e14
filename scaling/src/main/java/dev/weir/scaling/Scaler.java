package dev.weir.scaling;

import dev.weir.configuration.ScalingConfig.Bounds;
import dev.weir.configuration.ScalingConfig.Measure;
import dev.weir.configuration.ScalingConfig.Rule;
import dev.weir.scaling.Decision.Kind;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Decides for one rule as Kubernetes' horizontal autoscaler does: wanted = ceil(ready * value / target), or ceil(value / target)
 * for a value of all workers; within the tolerance as many as there are; never beyond the bounds.
 *
 * <p>Workers are added at once and taken away only down to the most that any evaluation of the stabilization time wanted, and
 * only if all of that time was known. Not safe for use by several threads.
 */
final class Scaler {
    private static final long NEVER = Long.MIN_VALUE;

    /** What a division adds by rounding must neither become a worker nor leave the tolerance. */
    private static final double ROUNDING = 1e-9;

    private final Rule rule;
    private final Deque<Wanted> wanted = new ArrayDeque<>();
    private long knownSinceMs = NEVER;
    private long changedMs = NEVER;

    private record Wanted(long timeMs, int workers) {}

    Scaler(Rule rule) {
        this.rule = rule;
    }

    Rule rule() {
        return rule;
    }

    /**
     * Decides at a time that is not before the last one.
     *
     * @param workers null if they are not known
     */
    Decision decide(long nowMs, Observation observed, @Nullable Workers workers) {
        String unknown = unknown(observed, workers);
        if (unknown != null || workers == null) {
            knownSinceMs = NEVER;
            wanted.clear();
            return new Decision(Kind.UNKNOWN, workers == null ? 0 : workers.count(), String.valueOf(unknown));
        }
        if (knownSinceMs == NEVER) {
            knownSinceMs = nowMs;
        }
        int now = wanted(observed.value(), workers);
        wanted.addLast(new Wanted(nowMs, now));
        long windowMs = rule.bounds().stabilization().toMillis();
        while (wanted.getFirst().timeMs < nowMs - windowMs) {
            wanted.removeFirst();
        }
        String wants = String.format(
                Locale.ROOT,
                "%.6g with target %.6g wants %d workers of %d to %d, %d of %d are ready",
                observed.value(),
                rule.target(),
                now,
                rule.bounds().min(),
                rule.bounds().max(),
                workers.ready(),
                workers.count());
        return decide(nowMs, now, workers, wants);
    }

    /** Notes that the workers were changed, for the cooldown. */
    void changed(long nowMs) {
        changedMs = nowMs;
    }

    private Decision decide(long nowMs, int now, Workers workers, String wants) {
        if (now == workers.count()) {
            return new Decision(Kind.KEEP, now, wants);
        }
        Bounds bounds = rule.bounds();
        boolean cools =
                changedMs != NEVER && nowMs - changedMs < bounds.cooldown().toMillis();
        if (cools) {
            return keep(workers, wants, "changed " + (nowMs - changedMs) / 1_000 + " s ago, cooldown");
        }
        if (now > workers.count()) {
            return new Decision(Kind.UP, now, wants);
        }
        if (workers.ready() < workers.count()) {
            return keep(workers, wants, "workers are starting");
        }
        if (nowMs - knownSinceMs < bounds.stabilization().toMillis()) {
            return keep(workers, wants, "known for " + (nowMs - knownSinceMs) / 1_000 + " s only, stabilization");
        }
        int most = wanted.stream().mapToInt(Wanted::workers).max().orElse(now);
        return most < workers.count()
                ? new Decision(Kind.DOWN, most, wants)
                : keep(workers, wants, most + " were wanted within the stabilization");
    }

    private static Decision keep(Workers workers, String wants, String why) {
        return new Decision(Kind.KEEP, workers.count(), wants + "; " + why);
    }

    private @Nullable String unknown(Observation observed, @Nullable Workers workers) {
        if (observed.unknown() != null) {
            return observed.unknown();
        }
        if (workers == null) {
            return "the model's workers are not known";
        }
        if (!(observed.value() >= 0 && observed.value() < Double.POSITIVE_INFINITY)) {
            return "expr gives " + observed.value() + " (expected: a finite number, not negative)";
        }
        return rule.measure() == Measure.VALUE && workers.ready() == 0
                ? "no worker of " + workers.count() + " is ready, so the value is nobody's"
                : null;
    }

    private int wanted(double value, Workers workers) {
        Bounds bounds = rule.bounds();
        boolean ofAll = rule.measure() == Measure.AVERAGE_VALUE;
        double ratio = value / rule.target() / (ofAll ? workers.ready() : 1);
        double exact = ofAll ? value / rule.target() : workers.ready() * ratio;
        double wantedNow =
                Math.abs(ratio - 1) <= bounds.tolerance() + ROUNDING ? workers.count() : Math.ceil(exact - ROUNDING);
        return (int) Math.max(bounds.min(), Math.min(bounds.max(), wantedNow));
    }
}
