package dev.weir.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.type.LogicalType;
import dev.weir.promql.parser.Parser;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscalerBehavior;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * {@code deploy/autoscaling}: an unknown field, or a value of another type, is an error, and what the files ask for is PromQL. The
 * HorizontalPodAutoscaler is read by its published Java model; KEDA's kinds, and the rules of Prometheus' adapter, by the
 * records below, which have the fields of KEDA's definitions (config/crd/bases, 2.18) and of the adapter's pkg/config.
 */
class AutoscalingFilesTest {
    private static final Path FOLDER = Path.of(System.getProperty("weir.root"), "deploy/autoscaling");
    private static final JsonMapper EXACT = JsonMapper.builder()
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .withCoercionConfig(
                    LogicalType.Textual, texts -> texts.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail))
            .build();
    private static final Set<String> BEHAVIORS = Set.of(
            "static", "currentReplicas", "currentReplicasIfHigher", "currentReplicasIfLower", "scalingModifiers");

    /** Of KEDA's Prometheus scaler. */
    private static final Set<String> PROMETHEUS = Set.of(
            "serverAddress",
            "query",
            "queryParameters",
            "threshold",
            "activationThreshold",
            "namespace",
            "customHeaders",
            "ignoreNullValues",
            "unsafeSsl",
            "timeout",
            "authModes");

    private record ScaledObject(String apiVersion, String kind, ObjectMeta metadata, Spec spec) {
        private record Spec(
                Target scaleTargetRef,
                @Nullable Integer pollingInterval,
                @Nullable Integer cooldownPeriod,
                @Nullable Integer initialCooldownPeriod,
                @Nullable Integer idleReplicaCount,
                @Nullable Integer minReplicaCount,
                @Nullable Integer maxReplicaCount,
                @Nullable Fallback fallback,
                @Nullable Advanced advanced,
                List<Trigger> triggers) {}

        private record Target(
                @Nullable String apiVersion,
                @Nullable String kind,
                String name,
                @Nullable String envSourceContainerName) {}

        private record Fallback(
                Integer failureThreshold,
                Integer replicas,
                @Nullable String behavior) {}

        private record Advanced(
                @Nullable Autoscaler horizontalPodAutoscalerConfig,
                @Nullable Boolean restoreToOriginalReplicaCount) {}

        private record Autoscaler(
                @Nullable HorizontalPodAutoscalerBehavior behavior,
                @Nullable String name) {}

        private record Trigger(
                String type,
                @Nullable String name,
                @Nullable String metricType,
                Map<String, String> metadata,
                @Nullable Authentication authenticationRef,
                @Nullable Boolean useCachedMetrics) {}

        private record Authentication(@Nullable String kind, String name) {}
    }

    private record TriggerAuthentication(String apiVersion, String kind, ObjectMeta metadata, Spec spec) {
        private record Spec(List<Reference> secretTargetRef) {}

        private record Reference(String parameter, String name, String key) {}
    }

    /** The values of the adapter's chart that the file sets. */
    private record AdapterValues(
            Address prometheus,
            List<String> extraArguments,
            List<Map<String, Object>> extraVolumes,
            List<Map<String, Object>> extraVolumeMounts,
            Rules rules) {
        private record Address(String url, Integer port) {}

        @SuppressWarnings("NullAway")
        private record Rules(
                @com.fasterxml.jackson.annotation.JsonProperty("default")
                Boolean isDefault,

                List<Rule> external) {}

        private record Rule(String seriesQuery, Resources resources, Name name, String metricsQuery) {}

        private record Resources(
                @Nullable String template, @Nullable Boolean namespaced) {}

        private record Name(@Nullable String matches, String as) {}
    }

    @Test
    void kedaReadsThemAndAsksWhatCanBeAnswered() throws IOException {
        List<Map<String, Object>> documents = KubernetesObjects.documents(FOLDER.resolve("keda-scaledobject.yaml"));
        assertEquals(3, documents.size());
        Secret secret = (Secret) KubernetesObjects.read(documents.get(0));
        TriggerAuthentication authentication = EXACT.convertValue(documents.get(1), TriggerAuthentication.class);
        ScaledObject scaled = EXACT.convertValue(documents.get(2), ScaledObject.class);
        assertEquals("keda.sh/v1alpha1 TriggerAuthentication", authentication.apiVersion + " " + authentication.kind);
        assertEquals("keda.sh/v1alpha1 ScaledObject", scaled.apiVersion + " " + scaled.kind);
        for (TriggerAuthentication.Reference reference : authentication.spec.secretTargetRef) {
            assertEquals(secret.getMetadata().getName(), reference.name);
            assertTrue(secret.getStringData().containsKey(reference.key), reference::key);
        }
        ScaledObject.Fallback fallback = scaled.spec.fallback;
        assertTrue(fallback != null && fallback.behavior != null && BEHAVIORS.contains(fallback.behavior));
        for (ScaledObject.Trigger trigger : scaled.spec.triggers) {
            assertEquals("prometheus", trigger.type);
            assertTrue(PROMETHEUS.containsAll(trigger.metadata.keySet()), trigger::toString);
            assertEquals("false", trigger.metadata.get("ignoreNullValues"), "unknown is not zero");
            assertEquals(
                    new ScaledObject.Authentication(null, authentication.metadata.getName()),
                    trigger.authenticationRef);
            isGuarded(String.valueOf(trigger.metadata.get("query")));
        }
    }

    @Test
    void kubernetesAutoscalerAsksForTheMetricThatTheAdapterGives() throws IOException {
        AdapterValues adapter = EXACT.convertValue(
                KubernetesObjects.documents(FOLDER.resolve("prometheus-adapter.yaml"))
                        .get(0),
                AdapterValues.class);
        AdapterValues.Rule rule = adapter.rules.external.get(0);
        Parser.parseSelector(rule.seriesQuery);
        isGuarded(rule.metricsQuery
                .replace("<<.Series>>", "inference_requests_waiting")
                .replace("<<.LabelMatchers>>", "model_name=\"llama\""));
        HorizontalPodAutoscaler autoscaler = (HorizontalPodAutoscaler) KubernetesObjects.read(
                KubernetesObjects.documents(FOLDER.resolve("hpa.yaml")).get(0));
        assertEquals(
                rule.name.as,
                autoscaler
                        .getSpec()
                        .getMetrics()
                        .get(0)
                        .getExternal()
                        .getMetric()
                        .getName());
    }

    @Test
    void anUnknownFieldWouldBeSeen() throws IOException {
        Map<String, Object> hpa =
                KubernetesObjects.documents(FOLDER.resolve("hpa.yaml")).get(0);
        hpa.put("spec", Map.of("minReplica", 1));
        assertThrows(IllegalArgumentException.class, () -> KubernetesObjects.read(hpa));
        Map<String, Object> scaled = KubernetesObjects.documents(FOLDER.resolve("keda-scaledobject.yaml"))
                .get(2);
        scaled.put("spec", Map.of("triggers", List.of(Map.of("metadata", Map.of("threshold", 5)))));
        assertThrows(IllegalArgumentException.class, () -> EXACT.convertValue(scaled, ScaledObject.class));
    }

    /** Whether it is PromQL that has no answer while too few targets are heard of. */
    private static void isGuarded(String query) {
        assertTrue(Parser.parse(query).toString().contains("inference_completeness_ratio"), query);
        assertTrue(query.matches("(?s).* and on\\(\\) min\\(.*\\) > 0\\.9\\s*"), query);
    }
}
