package dev.weir.queryserver.frontier;

import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * For each project the least frontier over its live partitions, in milliseconds since the epoch: all its data up to there
 * is complete. Immutable.
 */
public record Frontiers(Map<String, Long> millisByProject) {
    public static final Frontiers NONE = new Frontiers(Map.of());

    public Frontiers {
        millisByProject = Map.copyOf(millisByProject);
    }

    /**
     * When a query step that asks for {@code askedMs} is to be evaluated: at the frontier, if that lies before the asked
     * time by no more than {@code hold}, else at the asked time.
     *
     * @param project the project that is read; null where all are, then the least frontier that is within {@code hold}
     *     counts, so that a project whose pipeline has ended holds back no other
     */
    public long evaluationTimeMs(@Nullable String project, long askedMs, Duration hold) {
        OptionalLong frontierMs = project != null
                ? ofProject(project)
                : millisByProject.values().stream()
                        .mapToLong(Long::longValue)
                        .filter(millis -> isHeld(millis, askedMs, hold))
                        .min();
        return frontierMs.isPresent() && isHeld(frontierMs.getAsLong(), askedMs, hold)
                ? Math.min(frontierMs.getAsLong(), askedMs)
                : askedMs;
    }

    public OptionalLong ofProject(String project) {
        Long millis = millisByProject.get(project);
        return millis == null ? OptionalLong.empty() : OptionalLong.of(millis);
    }

    private static boolean isHeld(long frontierMs, long askedMs, Duration hold) {
        return askedMs <= frontierMs + hold.toMillis();
    }
}
