package dev.weir.configuration;

import java.io.Serializable;
import java.time.Duration;
import java.util.List;

/**
 * How increments become series.
 *
 * @param window step of the output, and time between ticks and checkpoints
 * @param replicaLabels labels that tell replicas of one group apart; the output lacks them
 * @param profiles further profile files, absolute paths
 * @param views further names under which canonical series are emitted
 * @param seriesPerProject most series of a project; further ones are summed up as {@code other}; 0 for no limit
 */
public record AggregationConfig(
        Duration window,
        List<String> replicaLabels,
        List<String> profiles,
        List<ViewConfig> views,
        int seriesPerProject)
        implements Serializable {
    public static final Duration DEFAULT_WINDOW = Duration.ofSeconds(5);

    /** Eight times what a thousand pods of one engine come to (776 series summed up, some 60 gauges each). */
    public static final int DEFAULT_SERIES_PER_PROJECT = 500_000;

    /** What a pod, its node, its container and its workers are called by Kubernetes, the engines and cAdvisor. */
    public static final List<String> DEFAULT_REPLICA_LABELS = List.of(
            "instance",
            "pod",
            "pod_name",
            "pod_uid",
            "pod_ip",
            "pod_template_hash",
            "uid",
            "kubernetes_pod_name",
            "node",
            "node_name",
            "nodename",
            "kubernetes_node",
            "host",
            "hostname",
            "Hostname",
            "host_ip",
            "container_id",
            "id",
            "engine",
            "engine_index",
            "dp_rank",
            "worker_id",
            "worker_name",
            "WorkerName");

    public static final AggregationConfig DEFAULT = new AggregationConfig(
            DEFAULT_WINDOW, DEFAULT_REPLICA_LABELS, List.of(), List.of(), DEFAULT_SERIES_PER_PROJECT);

    public AggregationConfig {
        replicaLabels = List.copyOf(replicaLabels);
        profiles = List.copyOf(profiles);
        views = List.copyOf(views);
        if (seriesPerProject < 0) {
            throw new IllegalArgumentException("seriesPerProject: " + seriesPerProject + " (expected: >= 0)");
        }
    }

    /** This, with another step. */
    public AggregationConfig withWindow(Duration other) {
        return new AggregationConfig(other, replicaLabels, profiles, views, seriesPerProject);
    }
}
