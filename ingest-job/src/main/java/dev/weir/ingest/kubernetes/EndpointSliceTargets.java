package dev.weir.ingest.kubernetes;

import dev.weir.series.Labels;
import io.fabric8.kubernetes.api.model.ObjectReference;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointConditions;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointPort;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Role {@code endpointslice}: a target for each address and port, and for all other ports of pods behind them. */
final class EndpointSliceTargets {
    private static final String SERVICE_NAME = "kubernetes.io/service-name";

    private EndpointSliceTargets() {}

    static void add(EndpointSlice slice, ClusterObjects objects, Consumer<Labels> to) {
        String namespace = slice.getMetadata().getNamespace();
        MetaLabels labels = new MetaLabels()
                .set("namespace", namespace)
                .set("endpointslice_address_type", slice.getAddressType())
                .object("endpointslice", slice.getMetadata());
        String serviceName = slice.getMetadata().getLabels() == null
                ? null
                : slice.getMetadata().getLabels().get(SERVICE_NAME);
        Service service = serviceName == null ? null : objects.service(namespace, serviceName);
        if (service != null) {
            labels.setAll(ServiceTargets.labels(service));
            if (isSecondFamily(slice, service)) {
                return;
            }
        }
        objects.addNamespace(namespace, labels);
        Labels common = labels.build();
        EndpointPods pods = new EndpointPods(objects);
        for (Endpoint endpoint : slice.getEndpoints()) {
            for (EndpointPort port : slice.getPorts()) {
                for (String address : endpoint.getAddresses()) {
                    to.accept(target(common, address, endpoint, port, objects, pods));
                }
            }
        }
        pods.addOtherPorts(common, to);
    }

    private static Labels target(
            Labels common,
            String address,
            Endpoint endpoint,
            EndpointPort port,
            ClusterObjects objects,
            EndpointPods pods) {
        MetaLabels target = MetaLabels.startingWith(common)
                .address(port.getPort() == null ? address : MetaLabels.hostPort(address, port.getPort()))
                .set("endpointslice_port_name", port.getName())
                .set("endpointslice_port_protocol", port.getProtocol())
                .set("endpointslice_port", port.getPort())
                .set("endpointslice_port_app_protocol", port.getAppProtocol())
                .set("endpointslice_endpoint_hostname", endpoint.getHostname())
                .set("endpointslice_endpoint_node_name", endpoint.getNodeName())
                .set("endpointslice_endpoint_zone", endpoint.getZone());
        EndpointConditions conditions = endpoint.getConditions();
        if (conditions != null) {
            target.set("endpointslice_endpoint_conditions_ready", conditions.getReady())
                    .set("endpointslice_endpoint_conditions_serving", conditions.getServing())
                    .set("endpointslice_endpoint_conditions_terminating", conditions.getTerminating());
        }
        addTopology(endpoint, target);
        ObjectReference reference = endpoint.getTargetRef();
        if (reference != null) {
            target.set("endpointslice_address_target_kind", reference.getKind())
                    .set("endpointslice_address_target_name", reference.getName());
        }
        boolean isNode = reference != null && "Node".equals(reference.getKind());
        objects.addNode(isNode ? reference.getName() : endpoint.getNodeName(), target);
        pods.describe(reference, port.getPort(), port.getProtocol(), target);
        return target.build();
    }

    private static void addTopology(Endpoint endpoint, MetaLabels target) {
        if (endpoint.getDeprecatedTopology() != null) {
            endpoint.getDeprecatedTopology().forEach((key, value) -> {
                String name = MetaLabels.sanitized(key);
                target.set("endpointslice_endpoint_topology_" + name, value)
                        .set("endpointslice_endpoint_topology_present_" + name, true);
            });
        }
    }

    /** Whether the slice lists again, under their other addresses, the endpoints of a service of two address families. */
    private static boolean isSecondFamily(EndpointSlice slice, Service service) {
        @Nullable String policy = service.getSpec().getIpFamilyPolicy();
        List<String> families = service.getSpec().getIpFamilies();
        return policy != null
                && !policy.equals("SingleStack")
                && !families.isEmpty()
                && !families.get(0).equals(slice.getAddressType());
    }
}
