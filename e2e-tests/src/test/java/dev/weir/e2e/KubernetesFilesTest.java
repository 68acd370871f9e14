package dev.weir.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.MapperConfig;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.weir.configuration.RemoteWriteConfig;
import dev.weir.configuration.WeirConfig;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBinding;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.fabric8.openshift.api.model.monitoring.v1.PodMonitor;
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
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * {@code deploy/kubernetes}: each object is read by the published Java model of its kind, in which an unknown field is an
 * error, and the objects fit each other, the configuration and the jobs. There is no such model of an
 * EnvoyExtensionPolicy; that one is compared as a whole.
 */
class KubernetesFilesTest {
    private static final Path ROOT = Path.of(System.getProperty("weir.root"));
    private static final Path FOLDER = ROOT.resolve("deploy/kubernetes");
    private static final String BY_HAND = "gateway-extension-policy.yaml";
    private static final Map<String, Class<? extends HasMetadata>> MODELS = Map.ofEntries(
            Map.entry("v1/Namespace", Namespace.class),
            Map.entry("v1/Service", Service.class),
            Map.entry("v1/ServiceAccount", ServiceAccount.class),
            Map.entry("v1/Secret", Secret.class),
            Map.entry("v1/PersistentVolumeClaim", PersistentVolumeClaim.class),
            Map.entry("apps/v1/StatefulSet", StatefulSet.class),
            Map.entry("rbac.authorization.k8s.io/v1/ClusterRole", ClusterRole.class),
            Map.entry("rbac.authorization.k8s.io/v1/ClusterRoleBinding", ClusterRoleBinding.class),
            Map.entry("rbac.authorization.k8s.io/v1/Role", Role.class),
            Map.entry("rbac.authorization.k8s.io/v1/RoleBinding", RoleBinding.class),
            Map.entry("monitoring.coreos.com/v1/PodMonitor", PodMonitor.class),
            Map.entry("kafka.strimzi.io/v1beta2/KafkaTopic", KafkaTopic.class),
            Map.entry("flink.apache.org/v1beta1/FlinkDeployment", FlinkDeployment.class));

    private static final ObjectMapper STRICT =
            JsonMapper.builder().annotationIntrospector(new Strict()).build();

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
                read(new Yaml().load(wrong));
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
            documents((String) file).forEach(document -> objects.add(read(document)));
        }
        return objects;
    }

    @SuppressWarnings("unchecked")
    private static HasMetadata read(Map<String, Object> document) {
        String kind = document.get("apiVersion") + "/" + document.get("kind");
        Class<? extends HasMetadata> model = MODELS.get(kind);
        assertNotNull(model, kind);
        if (model == FlinkDeployment.class) {
            // The newest model that can be had knows no Flink 2.2.
            Map<String, Object> spec = (Map<String, Object>) Objects.requireNonNull(document.get("spec"));
            spec.replace("flinkVersion", "v2_2", "v1_20");
        }
        return STRICT.convertValue(document, model);
    }

    private static List<Map<String, Object>> documents(String file) throws IOException {
        List<Map<String, Object>> documents = new ArrayList<>();
        for (Object document :
                new Yaml(new SafeConstructor(new LoaderOptions())).loadAll(Files.readString(FOLDER.resolve(file)))) {
            @SuppressWarnings("unchecked")
            Map<String, Object> map = (Map<String, Object>) document;
            documents.add(map);
        }
        return documents;
    }

    private static List<?> list(@Nullable Object value) {
        return (List<?>) Objects.requireNonNull(value);
    }

    /** Reads annotations as Jackson does, less those by which the models take what they do not know. */
    private static final class Strict extends JacksonAnnotationIntrospector {
        private static final long serialVersionUID = 1;

        @Override
        public Boolean hasAnySetter(Annotated annotated) {
            return false;
        }

        @Override
        public JsonIgnoreProperties.Value findPropertyIgnoralByName(MapperConfig<?> config, Annotated annotated) {
            return JsonIgnoreProperties.Value.empty();
        }
    }
}
