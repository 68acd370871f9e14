package dev.weir.ingest.discovery;

import dev.weir.ingest.kubernetes.KubernetesTargets;
import dev.weir.series.Labels;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What became of the addresses of one source. Two are equal only if they are the same.
 *
 * @param addresses as discovered
 * @param dropped addresses that relabelling dropped
 * @param podUids the pods of those targets that have one, by identity
 */
record FoundTargets(
        List<Labels> addresses,
        List<Target> targets,
        int dropped,
        List<String> problems,
        Map<String, String> podUids,
        @Nullable KubernetesTargets cluster) {
    private static final String POD_UID = "__meta_kubernetes_pod_uid";

    static FoundTargets of(List<Labels> addresses, TargetBuilder builder, @Nullable KubernetesTargets cluster) {
        List<Target> targets = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        Map<String, String> podUids = new HashMap<>();
        int dropped = 0;
        for (Labels address : addresses) {
            try {
                Target target = builder.build(address);
                if (target == null) {
                    dropped++;
                    continue;
                }
                targets.add(target);
                String uid = cluster == null ? null : address.get(POD_UID);
                if (uid != null) {
                    podUids.put(target.identity(), uid);
                }
            } catch (InvalidTargetException e) {
                problems.add(String.valueOf(e.getMessage()));
            }
        }
        return new FoundTargets(addresses, targets, dropped, problems, podUids, cluster);
    }

    /** Whether the target's pod is known to have ended for good. */
    boolean isGone(String identity) {
        String uid = podUids.get(identity);
        return uid != null && cluster != null && cluster.isGone(uid);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }
}
