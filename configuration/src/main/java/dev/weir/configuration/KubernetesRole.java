package dev.weir.configuration;

import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What of a Kubernetes cluster becomes targets. */
public enum KubernetesRole {
    POD("pod"),
    SERVICE("service"),
    ENDPOINTS("endpoints"),
    ENDPOINTSLICE("endpointslice"),
    NODE("node");

    static final Map<String, KubernetesRole> BY_WORD =
            Arrays.stream(values()).collect(Collectors.toMap(KubernetesRole::word, Function.identity()));

    private final String word;

    KubernetesRole(String word) {
        this.word = word;
    }

    /** As it is written in a configuration and in the names of meta labels. */
    public String word() {
        return word;
    }

    /** The kinds of objects that this role reads, and that selectors may choose among. */
    public Set<KubernetesRole> selectable() {
        return switch (this) {
            case POD -> Set.of(POD, NODE);
            case SERVICE -> Set.of(SERVICE);
            case ENDPOINTS -> Set.of(ENDPOINTS, POD, SERVICE);
            case ENDPOINTSLICE -> Set.of(ENDPOINTSLICE, POD, SERVICE);
            case NODE -> Set.of(NODE);
        };
    }
}
