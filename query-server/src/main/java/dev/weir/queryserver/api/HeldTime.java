package dev.weir.queryserver.api;

import dev.weir.queryserver.frontier.Frontiers;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;

/** Rule 12 for one query: at which time a step is evaluated, and the note that says so. */
final class HeldTime implements LongUnaryOperator {
    private final Frontiers frontiers;
    private final @Nullable String project;
    private final Duration hold;

    HeldTime(Frontiers frontiers, @Nullable String project, Duration hold) {
        this.frontiers = frontiers;
        this.project = project;
        this.hold = hold;
    }

    @Override
    public long applyAsLong(long stepMs) {
        return frontiers.evaluationTimeMs(project, stepMs, hold);
    }

    /** Names the latest step that is evaluated earlier than asked; null if none is. */
    @Nullable
    String note(QueryRunner.Steps steps) {
        for (long stepMs = steps.lastMs(); stepMs >= steps.startMs(); stepMs -= steps.stepMs()) {
            long evaluatedMs = applyAsLong(stepMs);
            if (evaluatedMs != stepMs) {
                return String.format(
                        Locale.ROOT,
                        "PromQL info: evaluated at the newest complete window %s, %.1f s before the asked time",
                        Instant.ofEpochMilli(evaluatedMs),
                        (stepMs - evaluatedMs) / 1000.0);
            }
        }
        return null;
    }
}
