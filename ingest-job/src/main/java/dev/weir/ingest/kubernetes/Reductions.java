package dev.weir.ingest.kubernetes;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.util.List;

/** Leaves of an object what becomes labels, so that 100,000 pods fit into a job manager's memory. */
final class Reductions {
    private Reductions() {}

    static <T extends HasMetadata> T any(T object) {
        object.getMetadata().setManagedFields(List.of());
        return object;
    }

    static Pod pod(Pod pod) {
        PodSpec spec = new PodSpec();
        if (pod.getSpec() != null) {
            spec.setNodeName(pod.getSpec().getNodeName());
            spec.setContainers(pod.getSpec().getContainers().stream()
                    .map(Reductions::container)
                    .toList());
            spec.setInitContainers(pod.getSpec().getInitContainers().stream()
                    .map(Reductions::container)
                    .toList());
        }
        pod.setSpec(spec);
        PodStatus status = new PodStatus();
        if (pod.getStatus() != null) {
            status.setPodIP(pod.getStatus().getPodIP());
            status.setHostIP(pod.getStatus().getHostIP());
            status.setPhase(pod.getStatus().getPhase());
            status.setConditions(pod.getStatus().getConditions());
            status.setContainerStatuses(identities(pod.getStatus().getContainerStatuses()));
            status.setInitContainerStatuses(identities(pod.getStatus().getInitContainerStatuses()));
        }
        pod.setStatus(status);
        return any(pod);
    }

    /** An API server tells a slice without endpoints or ports by null, not by an empty list. */
    static EndpointSlice slice(EndpointSlice slice) {
        if (slice.getEndpoints() == null) {
            slice.setEndpoints(List.of());
        }
        if (slice.getPorts() == null) {
            slice.setPorts(List.of());
        }
        return any(slice);
    }

    static Node node(Node node) {
        if (node.getStatus() != null) {
            node.getStatus().setImages(List.of());
        }
        return any(node);
    }

    private static Container container(Container container) {
        Container reduced = new Container();
        reduced.setName(container.getName());
        reduced.setImage(container.getImage());
        reduced.setPorts(container.getPorts());
        return reduced;
    }

    private static List<ContainerStatus> identities(List<ContainerStatus> statuses) {
        return statuses.stream()
                .map(status -> {
                    ContainerStatus reduced = new ContainerStatus();
                    reduced.setName(status.getName());
                    reduced.setContainerID(status.getContainerID());
                    return reduced;
                })
                .toList();
    }
}
