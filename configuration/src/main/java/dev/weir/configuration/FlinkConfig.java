package dev.weir.configuration;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * Which Flink to use.
 *
 * @param address of a cluster's REST endpoint; null: the embedded MiniCluster
 * @param parallelism of each job, at most {@link #MAX_PARALLELISM}
 */
public record FlinkConfig(@Nullable HostPort address, int parallelism, StateBackend stateBackend)
        implements Serializable {
    /** Into so many key groups is all state divided; a job can be rescaled up to here. Never changed: stored state has it. */
    public static final int MAX_PARALLELISM = 256;

    public static final FlinkConfig DEFAULT = new FlinkConfig(null, 1, StateBackend.HEAP);
}
