package dev.weir.ingest.kubernetes;

import dev.weir.configuration.KubernetesRole;
import dev.weir.configuration.KubernetesSdConfig;
import dev.weir.configuration.KubernetesSelector;
import dev.weir.series.Labels;
import io.fabric8.kubernetes.api.model.Endpoints;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A cluster's objects of the kinds that one role needs, watched by one client. Used by one thread, beside the client's. */
final class Cluster implements ClusterObjects, AutoCloseable {
    private final KubernetesSdConfig config;
    private final ApiHealth health = new ApiHealth();
    private final AtomicLong changes = new AtomicLong();
    private final KubernetesClient client;
    private final List<ObservedKind<?>> kinds = new ArrayList<>();
    private final @Nullable ObservedKind<Pod> pods;
    private final @Nullable ObservedKind<Service> services;
    private final @Nullable ObservedKind<Endpoints> endpoints;
    private final @Nullable ObservedKind<EndpointSlice> slices;
    private final @Nullable ObservedKind<Node> nodes;
    private final @Nullable ObservedKind<Namespace> namespaces;

    /** What the newest look made of each pod: while one of many changes, the others need not be made again. */
    private IdentityHashMap<Pod, List<Labels>> podTargets = new IdentityHashMap<>();

    /**
     * @param names of the namespaces to read; empty for all
     * @throws IOException if files of the configuration cannot be read
     */
    Cluster(KubernetesSdConfig config, ApiServer server, List<String> names) throws IOException {
        this.config = config;
        this.client = server.open(health);
        pods = kind(KubernetesRole.POD, Reductions::pod);
        services = kind(KubernetesRole.SERVICE, Reductions::any);
        endpoints = kind(KubernetesRole.ENDPOINTS, Reductions::any);
        slices = kind(KubernetesRole.ENDPOINTSLICE, Reductions::slice);
        nodes = config.attachNode() || config.role() == KubernetesRole.NODE ? kind(Reductions::node) : null;
        namespaces = config.attachNamespace() ? kind(Reductions::any) : null;
        if (pods != null) {
            pods.observe(client.pods(), names, config.selector(KubernetesRole.POD));
        }
        if (services != null) {
            services.observe(client.services(), names, config.selector(KubernetesRole.SERVICE));
        }
        if (endpoints != null) {
            endpoints.observe(client.endpoints(), names, config.selector(KubernetesRole.ENDPOINTS));
        }
        if (slices != null) {
            slices.observe(
                    client.discovery().v1().endpointSlices(), names, config.selector(KubernetesRole.ENDPOINTSLICE));
        }
        if (nodes != null) {
            nodes.observe(client.nodes(), config.selector(KubernetesRole.NODE));
        }
        if (namespaces != null) {
            namespaces.observe(client.namespaces(), KubernetesSelector.ALL);
        }
    }

    /** Grows whenever an object has come, changed or gone. */
    long changes() {
        return changes.get();
    }

    /** Whether all that the role needs was listed once; before that, targets would lack labels. */
    boolean isListed() {
        return kinds.stream().allMatch(ObservedKind::isListed);
    }

    /** One line for each list or watch that does not work. */
    List<String> problems() {
        return health.problems();
    }

    /** The targets there are; those of a pod that has not changed are the same objects as before. */
    void forEachTarget(Consumer<Labels> to) {
        switch (config.role()) {
            case POD -> forEachPodTarget(to);
            case SERVICE -> all(services).forEach(service -> ServiceTargets.add(service, this, to));
            case ENDPOINTS -> all(endpoints).forEach(one -> EndpointsTargets.add(one, this, to));
            case ENDPOINTSLICE -> all(slices).forEach(slice -> EndpointSliceTargets.add(slice, this, to));
            case NODE -> all(nodes).forEach(node -> NodeTargets.add(node, to));
        }
    }

    private void forEachPodTarget(Consumer<Labels> to) {
        boolean isOfPodsAlone = nodes == null && namespaces == null;
        IdentityHashMap<Pod, List<Labels>> targets = new IdentityHashMap<>();
        all(pods).forEach(pod -> {
            List<Labels> ofPod = isOfPodsAlone ? podTargets.get(pod) : null;
            if (ofPod == null) {
                List<Labels> made = new ArrayList<>();
                PodTargets.add(pod, this, made::add);
                ofPod = List.copyOf(made);
            }
            targets.put(pod, ofPod);
            ofPod.forEach(to);
        });
        podTargets = targets;
    }

    Stream<Pod> pods() {
        return all(pods);
    }

    @Override
    public @Nullable Pod pod(@Nullable String namespace, String name) {
        return pods == null ? null : pods.get(namespace, name);
    }

    @Override
    public @Nullable Service service(@Nullable String namespace, String name) {
        return services == null ? null : services.get(namespace, name);
    }

    @Override
    public @Nullable Node node(@Nullable String name) {
        return nodes == null || name == null ? null : nodes.get(null, name);
    }

    @Override
    public @Nullable Namespace namespace(@Nullable String name) {
        return namespaces == null || name == null ? null : namespaces.get(null, name);
    }

    @Override
    public boolean attachesNodes() {
        return config.attachNode();
    }

    @Override
    public void close() {
        client.close();
    }

    private <T extends HasMetadata> @Nullable ObservedKind<T> kind(KubernetesRole kind, UnaryOperator<T> reduction) {
        return config.role().selectable().contains(kind) ? kind(reduction) : null;
    }

    private <T extends HasMetadata> ObservedKind<T> kind(UnaryOperator<T> reduction) {
        ObservedKind<T> kind = new ObservedKind<>(reduction, changes::incrementAndGet);
        kinds.add(kind);
        return kind;
    }

    private static <T extends HasMetadata> Stream<T> all(@Nullable ObservedKind<T> kind) {
        return kind == null ? Stream.of() : kind.all();
    }
}
