package dev.weir.configuration;

import java.io.Serializable;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Which Flink to use.
 *
 * @param address of a cluster's REST endpoint; null: the embedded MiniCluster
 * @param parallelism of each job, at most {@link #MAX_PARALLELISM}
 * @param checkpoints URI of a directory that the cluster and whoever submits to it reach; null with the embedded one
 * @param options Flink's own, by their names, for jobs and for the client of a cluster
 */
public record FlinkConfig(
        @Nullable HostPort address,
        int parallelism,
        StateBackend stateBackend,
        @Nullable String checkpoints,
        Map<String, String> options)
        implements Serializable {
    /** Into so many key groups is all state divided; a job can be rescaled up to here. Never changed: stored state has it. */
    public static final int MAX_PARALLELISM = 256;

    public static final FlinkConfig DEFAULT = new FlinkConfig(null, 1, StateBackend.HEAP, null, Map.of());

    public FlinkConfig {
        options = Collections.unmodifiableMap(new TreeMap<>(options));
    }
}
