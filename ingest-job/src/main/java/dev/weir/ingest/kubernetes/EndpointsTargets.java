package dev.weir.ingest.kubernetes;

import dev.weir.series.Labels;
import io.fabric8.kubernetes.api.model.EndpointAddress;
import io.fabric8.kubernetes.api.model.EndpointPort;
import io.fabric8.kubernetes.api.model.EndpointSubset;
import io.fabric8.kubernetes.api.model.Endpoints;
import io.fabric8.kubernetes.api.model.ObjectReference;
import io.fabric8.kubernetes.api.model.Service;
import java.util.function.Consumer;

/** Role {@code endpoints}: a target for each address and port, ready or not, and for all other ports of pods behind them. */
final class EndpointsTargets {
    private EndpointsTargets() {}

    static void add(Endpoints endpoints, ClusterObjects objects, Consumer<Labels> to) {
        String namespace = endpoints.getMetadata().getNamespace();
        MetaLabels labels = new MetaLabels().set("namespace", namespace);
        Service service = objects.service(namespace, endpoints.getMetadata().getName());
        if (service != null) {
            labels.setAll(ServiceTargets.labels(service));
        }
        labels.object("endpoints", endpoints.getMetadata());
        objects.addNamespace(namespace, labels);
        Labels common = labels.build();
        EndpointPods pods = new EndpointPods(objects);
        for (EndpointSubset subset : endpoints.getSubsets()) {
            for (EndpointPort port : subset.getPorts()) {
                subset.getAddresses().forEach(address -> to.accept(target(common, address, port, true, objects, pods)));
                subset.getNotReadyAddresses()
                        .forEach(address -> to.accept(target(common, address, port, false, objects, pods)));
            }
        }
        pods.addOtherPorts(common, to);
    }

    private static Labels target(
            Labels common,
            EndpointAddress address,
            EndpointPort port,
            boolean ready,
            ClusterObjects objects,
            EndpointPods pods) {
        MetaLabels target = MetaLabels.startingWith(common)
                .address(MetaLabels.hostPort(address.getIp(), port.getPort()))
                .set("endpoint_port_name", port.getName())
                .set("endpoint_port_protocol", port.getProtocol())
                .set("endpoint_ready", ready)
                .set("endpoint_node_name", address.getNodeName())
                .set("endpoint_hostname", address.getHostname());
        ObjectReference reference = address.getTargetRef();
        if (reference != null) {
            target.set("endpoint_address_target_kind", reference.getKind())
                    .set("endpoint_address_target_name", reference.getName());
        }
        boolean isNode = reference != null && "Node".equals(reference.getKind());
        objects.addNode(address.getNodeName() == null && isNode ? reference.getName() : address.getNodeName(), target);
        pods.describe(reference, port.getPort(), port.getProtocol(), target);
        return target.build();
    }
}
