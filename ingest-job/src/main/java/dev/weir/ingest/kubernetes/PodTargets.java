package dev.weir.ingest.kubernetes;

import dev.weir.series.Labels;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Role {@code pod}: a target for each port of each container, and one without a port for a container that declares none. */
final class PodTargets {
    private PodTargets() {}

    static void add(Pod pod, ClusterObjects objects, Consumer<Labels> to) {
        String ip = ip(pod);
        String node = pod.getSpec().getNodeName();
        // With nodes to attach, a pod on a node that selectors leave out is left out, too.
        if (ip == null || (objects.attachesNodes() && objects.node(node) == null)) {
            return;
        }
        String namespace = pod.getMetadata().getNamespace();
        MetaLabels common = new MetaLabels().setAll(labels(pod)).set("namespace", namespace);
        objects.addNode(node, common);
        objects.addNamespace(namespace, common);
        Labels ofPod = common.build();
        forEachContainer(pod, (container, isInit) -> {
            Labels ofContainer = MetaLabels.startingWith(ofPod)
                    .set("pod_container_id", containerId(pod, container, isInit))
                    .setAll(labels(container, isInit))
                    .build();
            if (container.getPorts().isEmpty()) {
                to.accept(MetaLabels.startingWith(ofContainer).address(ip).build());
            }
            for (ContainerPort port : container.getPorts()) {
                to.accept(MetaLabels.startingWith(ofContainer)
                        .address(MetaLabels.hostPort(ip, port.getContainerPort()))
                        .setAll(labels(port, port.getProtocol()))
                        .build());
            }
        });
    }

    /** Null while the pod starts or after it was evicted. */
    static @Nullable String ip(Pod pod) {
        String ip = pod.getStatus() == null ? null : pod.getStatus().getPodIP();
        return ip == null || ip.isEmpty() ? null : ip;
    }

    /** What every target of the pod has, whichever role found it. */
    static Labels labels(Pod pod) {
        MetaLabels labels = new MetaLabels()
                .set("pod_ip", ip(pod))
                .set("pod_ready", ready(pod))
                .set(
                        "pod_phase",
                        pod.getStatus() == null ? null : pod.getStatus().getPhase())
                .set("pod_node_name", pod.getSpec().getNodeName())
                .set(
                        "pod_host_ip",
                        pod.getStatus() == null ? null : pod.getStatus().getHostIP())
                .set("pod_uid", pod.getMetadata().getUid())
                .object("pod", pod.getMetadata());
        for (OwnerReference owner : pod.getMetadata().getOwnerReferences()) {
            if (Boolean.TRUE.equals(owner.getController())) {
                labels.set("pod_controller_kind", owner.getKind()).set("pod_controller_name", owner.getName());
                break;
            }
        }
        return labels.build();
    }

    static Labels labels(Container container, boolean isInit) {
        return new MetaLabels()
                .set("pod_container_name", container.getName())
                .set("pod_container_image", container.getImage())
                .set("pod_container_init", isInit)
                .build();
    }

    static Labels labels(ContainerPort port, @Nullable String protocol) {
        return new MetaLabels()
                .set("pod_container_port_name", port.getName())
                .set("pod_container_port_number", port.getContainerPort())
                .set("pod_container_port_protocol", protocol)
                .build();
    }

    /** Containers in their order, then those of the initialization. */
    static void forEachContainer(Pod pod, ContainerAction action) {
        pod.getSpec().getContainers().forEach(container -> action.take(container, false));
        pod.getSpec().getInitContainers().forEach(container -> action.take(container, true));
    }

    private static String ready(Pod pod) {
        if (pod.getStatus() != null) {
            for (PodCondition condition : pod.getStatus().getConditions()) {
                if ("Ready".equals(condition.getType())) {
                    return condition.getStatus().toLowerCase(Locale.ROOT);
                }
            }
        }
        return "unknown";
    }

    private static @Nullable String containerId(Pod pod, Container container, boolean isInit) {
        List<ContainerStatus> statuses = isInit
                ? pod.getStatus().getInitContainerStatuses()
                : pod.getStatus().getContainerStatuses();
        for (ContainerStatus status : statuses) {
            if (container.getName().equals(status.getName())) {
                return status.getContainerID();
            }
        }
        return null;
    }

    @FunctionalInterface
    interface ContainerAction {
        void take(Container container, boolean isInit);
    }
}
