package dev.weir.ingest.kubernetes;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.weir.series.Labels;
import io.fabric8.kubernetes.api.model.Endpoints;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The labels of each role, as the page on Prometheus' configuration lists them, and its source fills them. */
class MetaLabelsTest {
    private static final KubernetesSerialization YAML = new KubernetesSerialization();

    private static final Pod POD = Reductions.pod(read(Pod.class, """
            metadata:
              name: vllm-0
              namespace: chat
              uid: u-1
              labels: {app.kubernetes.io/name: vllm}
              annotations: {prometheus.io/scrape: 'true'}
              ownerReferences:
              - {kind: Other, name: o, controller: false}
              - {kind: StatefulSet, name: vllm, controller: true}
            spec:
              nodeName: node-1
              containers:
              - name: engine
                image: vllm:1
                ports: [{name: http, containerPort: 8000, protocol: TCP}, {containerPort: 9090, protocol: TCP}]
              - {name: bare, image: bare:2}
              initContainers:
              - {name: load, image: load:3}
            status:
              podIP: 10.0.0.1
              hostIP: 192.168.0.1
              phase: Running
              conditions: [{type: Ready, status: 'True'}]
              containerStatuses: [{name: engine, containerID: containerd://abc}]
              initContainerStatuses: [{name: load, containerID: containerd://def}]
            """));

    private static final String POD_LABELS = """
            pod_name=vllm-0
            pod_uid=u-1
            pod_ip=10.0.0.1
            pod_host_ip=192.168.0.1
            pod_node_name=node-1
            pod_phase=Running
            pod_ready=true
            pod_controller_kind=StatefulSet
            pod_controller_name=vllm
            pod_label_app_kubernetes_io_name=vllm
            pod_labelpresent_app_kubernetes_io_name=true
            pod_annotation_prometheus_io_scrape=true
            pod_annotationpresent_prometheus_io_scrape=true
            """;

    private static final String HTTP_PORT = """
            pod_container_name=engine
            pod_container_image=vllm:1
            pod_container_init=false
            pod_container_port_name=http
            pod_container_port_number=8000
            pod_container_port_protocol=TCP
            """;

    private static final String OTHER_PORT = """
            pod_container_name=engine
            pod_container_image=vllm:1
            pod_container_init=false
            pod_container_port_number=9090
            pod_container_port_protocol=TCP
            """;

    private final FakeObjects objects = new FakeObjects();

    @Test
    void aPodIsATargetForEachPortAndOneForAContainerWithoutPorts() {
        String all = POD_LABELS + "namespace=chat\n";
        assertEquals(
                List.of(
                        labels("10.0.0.1:8000", all + HTTP_PORT + "pod_container_id=containerd://abc"),
                        labels("10.0.0.1:9090", all + OTHER_PORT + "pod_container_id=containerd://abc"),
                        labels("10.0.0.1", all + """
                                pod_container_name=bare
                                pod_container_image=bare:2
                                pod_container_init=false
                                """),
                        labels("10.0.0.1", all + """
                                pod_container_name=load
                                pod_container_image=load:3
                                pod_container_init=true
                                pod_container_id=containerd://def
                                """)),
                found(to -> PodTargets.add(POD, objects, to)));
    }

    @Test
    void aPodWithoutAnAddressIsNoTarget() {
        Pod pending =
                read(Pod.class, "{metadata: {name: p}, spec: {containers: [{name: c}]}, status: {phase: Pending}}");
        assertEquals(List.of(), found(to -> PodTargets.add(Reductions.pod(pending), objects, to)));
    }

    @Test
    void nodesAndNamespacesAreAttachedIfAsked() {
        objects.attachNodes = true;
        assertEquals(List.of(), found(to -> PodTargets.add(POD, objects, to)), "its node is left out by selectors");
        objects.add(read(Node.class, "{metadata: {name: node-1, labels: {gpu: h100}}}"));
        objects.add(read(Namespace.class, "{metadata: {name: chat, annotations: {team: a}}}"));
        Labels first = found(to -> PodTargets.add(POD, objects, to)).get(0);
        assertEquals(labels("10.0.0.1:8000", POD_LABELS + HTTP_PORT + """
                        namespace=chat
                        pod_container_id=containerd://abc
                        node_name=node-1
                        node_label_gpu=h100
                        node_labelpresent_gpu=true
                        namespace_annotation_team=a
                        namespace_annotationpresent_team=true
                        """), first);
    }

    @Test
    void aServiceIsATargetForEachPort() {
        Service service = read(Service.class, """
                metadata: {name: gw, namespace: edge, labels: {tier: front}}
                spec:
                  type: LoadBalancer
                  clusterIP: 10.1.0.1
                  loadBalancerIP: 1.2.3.4
                  ports: [{name: http, port: 80, protocol: TCP}, {port: 443}]
                """);
        String all = """
                namespace=edge
                service_name=gw
                service_type=LoadBalancer
                service_cluster_ip=10.1.0.1
                service_loadbalancer_ip=1.2.3.4
                service_label_tier=front
                service_labelpresent_tier=true
                """;
        assertEquals(
                List.of(
                        labels("gw.edge.svc:80", all + """
                                service_port_name=http
                                service_port_number=80
                                service_port_protocol=TCP
                                """),
                        labels("gw.edge.svc:443", all + "service_port_number=443")),
                found(to -> ServiceTargets.add(service, objects, to)));
        Service external = read(
                Service.class,
                "{metadata: {name: e, namespace: n}, spec: {type: ExternalName, externalName: a.b, ports: [{port: 1}]}}");
        assertEquals(List.of(labels("e.n.svc:1", """
                        namespace=n
                        service_name=e
                        service_type=ExternalName
                        service_external_name=a.b
                        service_port_number=1
                        """)), found(to -> ServiceTargets.add(external, objects, to)));
    }

    @Test
    void aNodeIsATargetAtItsBestAddress() {
        Node node = Reductions.node(read(Node.class, """
                metadata: {name: node-1, labels: {gpu: h100}}
                spec: {providerID: 'cloud://1'}
                status:
                  addresses: [{type: Hostname, address: h}, {type: ExternalIP, address: 1.2.3.4}, {type: InternalIP, address: 'fd00::1'}]
                  conditions: [{type: Ready, status: 'True'}, {type: DiskPressure, status: 'False'}]
                  daemonEndpoints: {kubeletEndpoint: {Port: 10250}}
                """));
        assertEquals(
                List.of(labels("[fd00::1]:10250", """
                        node_name=node-1
                        node_provider_id=cloud://1
                        node_label_gpu=h100
                        node_labelpresent_gpu=true
                        node_condition_ready=true
                        node_condition_diskpressure=false
                        node_address_Hostname=h
                        node_address_ExternalIP=1.2.3.4
                        node_address_InternalIP=fd00::1
                        """).with("instance", "node-1")),
                found(to -> NodeTargets.add(node, to)));
        Node nowhere = read(Node.class, "{metadata: {name: n}, status: {conditions: []}}");
        assertEquals(List.of(), found(to -> NodeTargets.add(nowhere, to)));
    }

    @Test
    void endpointsAreTargetsWithTheirServicesAndPodsAndThePodsOtherPorts() {
        objects.add(POD);
        objects.add(read(Service.class, "{metadata: {name: vllm, namespace: chat, annotations: {a-b: c}}, spec: {}}"));
        Endpoints endpoints = read(Endpoints.class, """
                metadata: {name: vllm, namespace: chat, labels: {e: f}}
                subsets:
                - ports: [{name: web, port: 8000, protocol: TCP}]
                  addresses: [{ip: 10.0.0.1, nodeName: node-1, hostname: h, targetRef: {kind: Pod, name: vllm-0, namespace: chat}}]
                  notReadyAddresses: [{ip: 10.0.0.9, targetRef: {kind: Pod, name: unknown, namespace: chat}}]
                """);
        String all = """
                namespace=chat
                service_name=vllm
                service_annotation_a_b=c
                service_annotationpresent_a_b=true
                endpoints_name=vllm
                endpoints_label_e=f
                endpoints_labelpresent_e=true
                """;
        assertEquals(
                List.of(
                        labels("10.0.0.1:8000", all + POD_LABELS + HTTP_PORT + """
                                endpoint_port_name=web
                                endpoint_port_protocol=TCP
                                endpoint_ready=true
                                endpoint_node_name=node-1
                                endpoint_hostname=h
                                endpoint_address_target_kind=Pod
                                endpoint_address_target_name=vllm-0
                                """),
                        labels("10.0.0.9:8000", all + """
                                endpoint_port_name=web
                                endpoint_port_protocol=TCP
                                endpoint_ready=false
                                endpoint_address_target_kind=Pod
                                endpoint_address_target_name=unknown
                                """),
                        labels("10.0.0.1:9090", all + POD_LABELS + OTHER_PORT)),
                found(to -> EndpointsTargets.add(endpoints, objects, to)));
    }

    @Test
    void endpointSlicesAreTargetsWithTheirServicesAndPodsAndThePodsOtherPorts() {
        objects.add(POD);
        objects.add(read(Service.class, """
                metadata: {name: vllm, namespace: chat}
                spec: {ipFamilyPolicy: PreferDualStack, ipFamilies: [IPv4, IPv6]}
                """));
        String yaml = """
                addressType: %s
                metadata: {name: vllm-x, namespace: chat, labels: {kubernetes.io/service-name: vllm}}
                endpoints:
                - addresses: [%s]
                  conditions: {ready: true, serving: true, terminating: false}
                  hostname: h
                  nodeName: node-1
                  zone: z
                  deprecatedTopology: {kubernetes.io/hostname: node-1}
                  targetRef: {kind: Pod, name: vllm-0, namespace: chat}
                ports: [{name: web, port: 8000, protocol: TCP, appProtocol: http}]
                """;
        String all = """
                namespace=chat
                service_name=vllm
                endpointslice_name=vllm-x
                endpointslice_address_type=IPv4
                endpointslice_label_kubernetes_io_service_name=vllm
                endpointslice_labelpresent_kubernetes_io_service_name=true
                """;
        assertEquals(
                List.of(
                        labels("10.0.0.1:8000", all + POD_LABELS + HTTP_PORT + """
                                endpointslice_port=8000
                                endpointslice_port_name=web
                                endpointslice_port_protocol=TCP
                                endpointslice_port_app_protocol=http
                                endpointslice_endpoint_conditions_ready=true
                                endpointslice_endpoint_conditions_serving=true
                                endpointslice_endpoint_conditions_terminating=false
                                endpointslice_endpoint_hostname=h
                                endpointslice_endpoint_node_name=node-1
                                endpointslice_endpoint_zone=z
                                endpointslice_endpoint_topology_kubernetes_io_hostname=node-1
                                endpointslice_endpoint_topology_present_kubernetes_io_hostname=true
                                endpointslice_address_target_kind=Pod
                                endpointslice_address_target_name=vllm-0
                                """),
                        labels("10.0.0.1:9090", all + POD_LABELS + OTHER_PORT)),
                found(to -> EndpointSliceTargets.add(
                        read(EndpointSlice.class, yaml.formatted("IPv4", "10.0.0.1")), objects, to)));
        assertEquals(
                List.of(),
                found(to -> EndpointSliceTargets.add(
                        read(EndpointSlice.class, yaml.formatted("IPv6", "'fd00::1'")), objects, to)),
                "the same pods by their second addresses");
    }

    private static List<Labels> found(Consumer<Consumer<Labels>> role) {
        List<Labels> found = new ArrayList<>();
        role.accept(found::add);
        return found;
    }

    private static Labels labels(String address, String lines) {
        Map<String, String> labels = new TreeMap<>(Map.of("__address__", address));
        lines.lines().forEach(line -> {
            String[] pair = line.split("=", 2);
            labels.put("__meta_kubernetes_" + pair[0], pair[1]);
        });
        return Labels.of(labels);
    }

    private static <T extends HasMetadata> T read(Class<T> kind, String yaml) {
        // What begins with a brace would be read as JSON.
        return YAML.unmarshal("#\n" + yaml, kind);
    }

    private static final class FakeObjects implements ClusterObjects {
        private final Map<String, HasMetadata> objects = new HashMap<>();
        private boolean attachNodes;

        void add(HasMetadata object) {
            objects.put(key(object.getClass(), object.getMetadata().getName()), object);
        }

        @Override
        public @Nullable Pod pod(@Nullable String namespace, String name) {
            return (Pod) objects.get(key(Pod.class, name));
        }

        @Override
        public @Nullable Service service(@Nullable String namespace, String name) {
            return (Service) objects.get(key(Service.class, name));
        }

        @Override
        public @Nullable Node node(@Nullable String name) {
            return (Node) objects.get(key(Node.class, name));
        }

        @Override
        public @Nullable Namespace namespace(@Nullable String name) {
            return (Namespace) objects.get(key(Namespace.class, name));
        }

        @Override
        public boolean attachesNodes() {
            return attachNodes;
        }

        private static String key(Class<?> kind, @Nullable String name) {
            return kind.getSimpleName() + "/" + name;
        }
    }
}
