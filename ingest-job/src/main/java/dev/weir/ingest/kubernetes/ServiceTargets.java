package dev.weir.ingest.kubernetes;

import dev.weir.series.Labels;
import io.fabric8.kubernetes.api.model.LoadBalancerIngress;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Role {@code service}: a target for each port of each service, at the service's name in the cluster. */
final class ServiceTargets {
    private ServiceTargets() {}

    static void add(Service service, ClusterObjects objects, Consumer<Labels> to) {
        String namespace = service.getMetadata().getNamespace();
        MetaLabels common = new MetaLabels().setAll(labels(service));
        objects.addNamespace(namespace, common);
        String type = service.getSpec().getType();
        boolean external = "ExternalName".equals(type);
        Labels ofService = common.set("service_type", type)
                .set("service_external_name", external ? service.getSpec().getExternalName() : null)
                .set("service_cluster_ip", external ? null : service.getSpec().getClusterIP())
                .set("service_loadbalancer_ip", "LoadBalancer".equals(type) ? loadBalancer(service) : null)
                .build();
        for (ServicePort port : service.getSpec().getPorts()) {
            to.accept(MetaLabels.startingWith(ofService)
                    .address(service.getMetadata().getName() + "." + namespace + ".svc:" + port.getPort())
                    .set("service_port_name", port.getName())
                    .set("service_port_number", port.getPort())
                    .set("service_port_protocol", port.getProtocol())
                    .build());
        }
    }

    /** What every target of the service has, whichever role found it. */
    static Labels labels(Service service) {
        return new MetaLabels()
                .set("namespace", service.getMetadata().getNamespace())
                .object("service", service.getMetadata())
                .build();
    }

    private static @Nullable String loadBalancer(Service service) {
        if (service.getStatus() != null && service.getStatus().getLoadBalancer() != null) {
            String addresses = service.getStatus().getLoadBalancer().getIngress().stream()
                    .map(LoadBalancerIngress::getIp)
                    .filter(Objects::nonNull)
                    .collect(Collectors.joining(","));
            if (!addresses.isEmpty()) {
                return addresses;
            }
        }
        return service.getSpec().getLoadBalancerIP();
    }
}
