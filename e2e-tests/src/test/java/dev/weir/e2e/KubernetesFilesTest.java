package dev.weir.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.configuration.RemoteWriteConfig;
import dev.weir.configuration.WeirConfig;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.strimzi.api.kafka.model.topic.KafkaTopic;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.flink.kubernetes.operator.api.FlinkDeployment;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

/**
 * {@code deploy/kubernetes}: each object is read by the published Java model of its kind, in which an unknown field is an
 * error, and the objects fit each other, the configuration and the jobs. There is no such model of an
 * EnvoyExtensionPolicy; that one is compared as a whole.
 */
class KubernetesFilesTest {
    private static final Path ROOT = Path.of(System.getProperty("weir.root"));
    private static final Path FOLDER = ROOT.resolve("deploy/kubernetes");
    private static final String BY_HAND = "gateway-extension-policy.yaml";

    @Test
    void eachObjectIsOneOfItsKind() throws IOException {
        assertTrue(all().size() > 15);
        assertEquals(
                Map.of(
                        "targetRefs",
                        List.of(Map.of(
                                "group", "gateway.networking.k8s.io", "kind", "Gateway", "name", "inference-gateway")),
                        "extProc",
                        List.of(Map.of(
                                "backendRefs",
                                List.of(Map.of(
                                        "group",
                                        "",
                                        "kind",
                                        "Service",
                                        "name",
                                        "inference-gateway-ext-proc",
                                        "port",
                                        9002)),
                                "processingMode",
                                Map.of(
                                        "request",
                                        Map.of("body", "Buffered"),
                                        "response",
                                        Map.of("body", "Buffered"))))),
                documents(BY_HAND).get(0).get("spec"));
    }

    @Test
    void anUnknownFieldWouldBeSeen() {
        for (String wrong : List.of(
                "{apiVersion: v1, kind: Service, spec: {prots: []}}",
                "{apiVersion: flink.apache.org/v1beta1, kind: FlinkDeployment, spec: {job: {jarUri: x}}}",
                "{apiVersion: kafka.strimzi.io/v1beta2, kind: KafkaTopic, spec: {partition: 1}}",
                "{apiVersion: monitoring.coreos.com/v1, kind: PodMonitor, spec: {podMetricsEndpoints: [{prt: x}]}}")) {
            try {
                KubernetesObjects.read(new Yaml().load(wrong));
            } catch (IllegalArgumentException e) {
                assertTrue(String.valueOf(e.getMessage()).contains("Unrecognized field"), e.getMessage());
                continue;
            }
            throw new AssertionError(wrong);
        }
    }

    @Test
    void kustomizationNamesWhatIsThere() throws IOException {
        Map<String, Object> kustomization = documents("kustomization.yaml").get(0);
        Set<String> named = new TreeSet<>();
        list(kustomization.get("resources")).forEach(file -> named.add((String) file));
        try (Stream<Path> files = Files.list(FOLDER)) {
            assertEquals(
                    files.map(file -> file.getFileName().toString())
                            .filter(file -> file.endsWith(".yaml")
                                    && !file.equals("kustomization.yaml")
                                    && !file.equals(BY_HAND))
                            .collect(Collectors.toCollection(TreeSet::new)),
                    named);
        }
    }

    @Test
    void theJobsAreThoseOfTheConfiguration() throws Exception {
        WeirConfig config = WeirConfig.load(FOLDER.resolve("weir.yml"));
        Set<String> receivers =
                config.remoteWrite().stream().map(RemoteWriteConfig::name).collect(Collectors.toSet());
        Set<String> classes = new TreeSet<>();
        for (FlinkDeployment job : all(FlinkDeployment.class)) {
            classes.add(job.getSpec().getJob().getEntryClass());
            assertNotNull(Class.forName(job.getSpec().getJob().getEntryClass()).getMethod("main", String[].class));
            String jar = Path.of(job.getSpec().getJob().getJarURI().replace("local://", ""))
                    .getFileName()
                    .toString();
            String module = jar.replace("-0.1.0-SNAPSHOT.jar", "");
            assertTrue(Files.isDirectory(ROOT.resolve(module)), jar);
            List<String> arguments = List.of(job.getSpec().getJob().getArgs());
            if (arguments.contains("--receiver")) {
                assertTrue(receivers.contains(arguments.get(arguments.indexOf("--receiver") + 1)), "" + arguments);
            }
            assertEquals(config.flink().parallelism(), job.getSpec().getJob().getParallelism());
        }
        assertEquals(
                Set.of(
                        "dev.weir.aggregation.AggregationJob",
                        "dev.weir.delivery.DeliveryJob",
                        "dev.weir.ingest.IngestJob"),
                classes);
        for (KafkaTopic topic : all(KafkaTopic.class)) {
            assertEquals("LogAppendTime", topic.getSpec().getConfig().get("message.timestamp.type"));
            boolean isSeries =
                    topic.getMetadata().getName().equals(config.kafka().topics().series());
            assertTrue(!isSeries
                    || topic.getSpec().getPartitions()
                            == config.kafka().topics().partitions());
        }
        assertEquals(4, all(KafkaTopic.class).size());
    }

    @Test
    void discoveryMayReadWhatItReads() throws IOException {
        ClusterRole role = all(ClusterRole.class).stream()
                .filter(one -> one.getMetadata().getName().equals("weir-discovery"))
                .findFirst()
                .orElseThrow();
        Set<String> watched = role.getRules().stream()
                .filter(rule -> rule.getVerbs().containsAll(List.of("list", "watch")))
                .flatMap(rule -> rule.getResources().stream())
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(Set.of("endpoints", "endpointslices", "namespaces", "nodes", "pods", "services"), watched);
    }

    @Test
    void theQueryServerIsNotRootAndIsProbed() throws IOException {
        var pod = all(StatefulSet.class).get(0).getSpec().getTemplate().getSpec();
        assertEquals(true, pod.getSecurityContext().getRunAsNonRoot());
        Container container = pod.getContainers().get(0);
        assertEquals("/-/ready", container.getReadinessProbe().getHttpGet().getPath());
        assertEquals("/-/healthy", container.getLivenessProbe().getHttpGet().getPath());
        assertEquals(true, container.getSecurityContext().getReadOnlyRootFilesystem());
        assertTrue(container.getResources().getLimits().containsKey("memory"));
    }

    private static <T extends HasMetadata> List<T> all(Class<T> kind) throws IOException {
        return all().stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    private static List<HasMetadata> all() throws IOException {
        List<HasMetadata> objects = new ArrayList<>();
        for (Object file : list(documents("kustomization.yaml").get(0).get("resources"))) {
            documents((String) file).forEach(document -> objects.add(KubernetesObjects.read(document)));
        }
        return objects;
    }

    private static List<Map<String, Object>> documents(String file) throws IOException {
        return KubernetesObjects.documents(FOLDER.resolve(file));
    }

    private static List<?> list(@Nullable Object value) {
        return (List<?>) Objects.requireNonNull(value);
    }
}
