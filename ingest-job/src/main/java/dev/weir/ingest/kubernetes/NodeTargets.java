package dev.weir.ingest.kubernetes;

import dev.weir.series.Labels;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/** Role {@code node}: a target for each node, at its kubelet's port; a node without an address is none. */
final class NodeTargets {
    /** The kinds of addresses, the best first. */
    private static final List<String> BEST_ADDRESSES =
            List.of("InternalIP", "InternalDNS", "ExternalIP", "ExternalDNS", "LegacyHostIP", "Hostname");

    private NodeTargets() {}

    static void add(Node node, Consumer<Labels> to) {
        Map<String, String> addresses = new LinkedHashMap<>();
        for (NodeAddress address : node.getStatus().getAddresses()) {
            addresses.putIfAbsent(address.getType(), address.getAddress());
        }
        String best = BEST_ADDRESSES.stream()
                .filter(addresses::containsKey)
                .findFirst()
                .orElse(null);
        if (best == null) {
            return;
        }
        MetaLabels labels = new MetaLabels()
                .address(MetaLabels.hostPort(addresses.get(best), kubeletPort(node)))
                .instance(node.getMetadata().getName())
                .set(
                        "node_provider_id",
                        node.getSpec() == null ? null : node.getSpec().getProviderID())
                .object("node", node.getMetadata());
        node.getStatus()
                .getConditions()
                .forEach(condition -> labels.set(
                        "node_condition_"
                                + MetaLabels.sanitized(condition.getType().toLowerCase(Locale.ROOT)),
                        condition.getStatus().toLowerCase(Locale.ROOT)));
        addresses.forEach((type, address) -> labels.set("node_address_" + MetaLabels.sanitized(type), address));
        to.accept(labels.build());
    }

    private static int kubeletPort(Node node) {
        if (node.getStatus().getDaemonEndpoints() == null
                || node.getStatus().getDaemonEndpoints().getKubeletEndpoint() == null) {
            return 0;
        }
        Integer port =
                node.getStatus().getDaemonEndpoints().getKubeletEndpoint().getPort();
        return port == null ? 0 : port;
    }
}
