package dev.weir.ingest.kubernetes;

import dev.weir.series.Labels;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.ObjectReference;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The pods behind one object's endpoints. An endpoint gets its pod's labels and those of the container port that it
 * matches; the pods' other ports become targets of their own.
 */
final class EndpointPods {
    private final ClusterObjects objects;
    private final Map<String, SeenPod> seen = new LinkedHashMap<>();

    EndpointPods(ClusterObjects objects) {
        this.objects = objects;
    }

    /** Adds to {@code target} what is known of the pod that {@code reference} names, if it names one. */
    void describe(
            @Nullable ObjectReference reference, @Nullable Integer port, @Nullable String protocol, MetaLabels target) {
        if (reference == null || !"Pod".equals(reference.getKind())) {
            return;
        }
        Pod pod = objects.pod(reference.getNamespace(), reference.getName());
        if (pod == null) {
            return;
        }
        target.setAll(PodTargets.labels(pod));
        Set<Integer> ports = seen.computeIfAbsent(
                        pod.getMetadata().getNamespace() + "/"
                                + pod.getMetadata().getName(),
                        name -> new SeenPod(pod, new HashSet<>()))
                .ports();
        if (port == null) {
            return;
        }
        ports.add(port);
        PodTargets.forEachContainer(pod, (container, isInit) -> {
            for (ContainerPort own : container.getPorts()) {
                if (port.equals(own.getContainerPort())) {
                    target.setAll(PodTargets.labels(container, isInit))
                            .setAll(PodTargets.labels(own, protocol == null ? own.getProtocol() : protocol));
                    return;
                }
            }
        });
    }

    /** The ports of the pods seen that no endpoint has. */
    void addOtherPorts(Labels common, Consumer<Labels> to) {
        seen.values().forEach(one -> {
            Pod pod = one.pod();
            String ip = PodTargets.ip(pod);
            if (ip == null) {
                return;
            }
            PodTargets.forEachContainer(pod, (container, isInit) -> {
                for (ContainerPort port : container.getPorts()) {
                    if (!one.ports().contains(port.getContainerPort())) {
                        to.accept(MetaLabels.startingWith(common)
                                .address(MetaLabels.hostPort(ip, port.getContainerPort()))
                                .setAll(PodTargets.labels(container, isInit))
                                .setAll(PodTargets.labels(port, port.getProtocol()))
                                .setAll(PodTargets.labels(pod))
                                .build());
                    }
                }
            });
        });
    }

    /** @param ports that endpoints have */
    private record SeenPod(Pod pod, Set<Integer> ports) {}
}
