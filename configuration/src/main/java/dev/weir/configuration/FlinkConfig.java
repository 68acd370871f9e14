package dev.weir.configuration;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * Which Flink to use.
 *
 * @param address of a cluster's REST endpoint; null: the embedded MiniCluster
 * @param parallelism of each job
 */
public record FlinkConfig(@Nullable HostPort address, int parallelism) implements Serializable {
    public static final FlinkConfig DEFAULT = new FlinkConfig(null, 1);
}
