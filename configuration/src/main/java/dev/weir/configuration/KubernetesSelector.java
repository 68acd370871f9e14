package dev.weir.configuration;

import java.io.Serializable;
import java.util.Map;

/**
 * Which objects of one kind a role reads; the API server does the choosing.
 *
 * @param label a label selector as kubectl takes it; empty for all
 * @param fields fields and the values that they must have
 * @param notFields fields and the values that they must not have
 */
public record KubernetesSelector(String label, Map<String, String> fields, Map<String, String> notFields)
        implements Serializable {
    /** All objects. */
    public static final KubernetesSelector ALL = new KubernetesSelector("", Map.of(), Map.of());

    public KubernetesSelector {
        fields = Map.copyOf(fields);
        notFields = Map.copyOf(notFields);
    }
}
