package dev.weir.ingest.discovery;

import dev.weir.ingest.kubernetes.KubernetesTargets;
import dev.weir.series.Labels;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What became of the addresses of one source. Two are equal only if they are the same.
 *
 * @param addresses as discovered
 * @param dropped addresses that relabelling dropped
 * @param podUids the pods of those targets that have one, by identity
 * @param built what became of each address of a cluster, by the object itself
 */
record FoundTargets(
        List<Labels> addresses,
        List<Target> targets,
        int dropped,
        List<String> problems,
        Map<String, String> podUids,
        @Nullable KubernetesTargets cluster,
        IdentityHashMap<Labels, Built> built) {
    private static final String POD_UID = "__meta_kubernetes_pod_uid";

    /** Of one address; neither a target nor a problem if relabelling dropped it. */
    record Built(@Nullable Target target, @Nullable String problem) {}

    static FoundTargets of(List<Labels> addresses, TargetBuilder builder) {
        return of(addresses, builder, null, new IdentityHashMap<>());
    }

    /** What became of a cluster's addresses; those that are the same objects as before are not relabelled again. */
    FoundTargets with(List<Labels> newAddresses, TargetBuilder builder) {
        return of(newAddresses, builder, cluster, built);
    }

    static FoundTargets of(
            List<Labels> addresses,
            TargetBuilder builder,
            @Nullable KubernetesTargets cluster,
            IdentityHashMap<Labels, Built> before) {
        IdentityHashMap<Labels, Built> built = new IdentityHashMap<>();
        List<Target> targets = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        Map<String, String> podUids = new HashMap<>();
        int dropped = 0;
        for (Labels address : addresses) {
            Built known = before.get(address);
            Built one = known == null ? build(address, builder) : known;
            if (cluster != null) {
                built.put(address, one);
            }
            Target target = one.target();
            String problem = one.problem();
            if (problem != null) {
                problems.add(problem);
            } else if (target == null) {
                dropped++;
            } else {
                targets.add(target);
                String uid = cluster == null ? null : address.get(POD_UID);
                if (uid != null) {
                    podUids.put(target.identity(), uid);
                }
            }
        }
        return new FoundTargets(addresses, targets, dropped, problems, podUids, cluster, built);
    }

    private static Built build(Labels address, TargetBuilder builder) {
        try {
            return new Built(builder.build(address), null);
        } catch (InvalidTargetException e) {
            return new Built(null, String.valueOf(e.getMessage()));
        }
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
