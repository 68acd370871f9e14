package dev.weir.queryserver.frontier;

import dev.weir.series.Labels;
import dev.weir.series.StaleMarker;
import java.util.HashMap;
import java.util.Map;

/**
 * Follows the series {@value #METRIC}, one for each project and partition, whose value is the end of the partition's newest
 * complete window in seconds since the epoch. A stale marker ends a series. Not thread-safe.
 */
public final class FrontierTracker {
    public static final String METRIC = "weir_frontier_timestamp_seconds";

    private static final double MAX_SECONDS = Long.MAX_VALUE / 1e4;

    /** Milliseconds by series, by project; live ones only. */
    private final Map<String, Map<Long, Long>> partitions = new HashMap<>();

    private Frontiers frontiers = Frontiers.NONE;

    public static boolean isFrontier(Labels labels) {
        return METRIC.equals(labels.get(Labels.METRIC_NAME));
    }

    /** Takes the newest value of a frontier series. What is no time (NaN, infinite) ends it as a stale marker does. */
    public void observe(String project, long seriesId, double value) {
        if (StaleMarker.isStale(value) || !(Math.abs(value) < MAX_SECONDS)) {
            forget(project, seriesId);
            return;
        }
        partitions.computeIfAbsent(project, p -> new HashMap<>()).put(seriesId, Math.round(value * 1000));
        frontiers = least();
    }

    public void forget(String project, long seriesId) {
        Map<Long, Long> ofProject = partitions.get(project);
        if (ofProject == null || ofProject.remove(seriesId) == null) {
            return;
        }
        if (ofProject.isEmpty()) {
            partitions.remove(project);
        }
        frontiers = least();
    }

    /** The frontiers as of now; immutable. */
    public Frontiers frontiers() {
        return frontiers;
    }

    private Frontiers least() {
        Map<String, Long> leastMs = new HashMap<>();
        partitions.forEach((project, values) ->
                leastMs.put(project, values.values().stream().min(Long::compare).orElseThrow()));
        return new Frontiers(leastMs);
    }
}
