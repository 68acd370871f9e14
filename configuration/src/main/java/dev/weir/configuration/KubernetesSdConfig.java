package dev.weir.configuration;

import java.io.Serializable;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Objects of a Kubernetes cluster that become targets. With neither {@code apiServer} nor {@code kubeconfigFile}, the
 * cluster is the one that the process runs in, and the process' service account reads it.
 *
 * @param apiServer an http or https URL, asked by {@code http}
 * @param kubeconfigFile an absolute path; its current context is used
 * @param namespaces to read; empty for all, unless {@code ownNamespace}
 * @param ownNamespace whether the process' own namespace is read, too
 * @param selectors by kind of object; a kind that is not in it is read as a whole
 * @param attachNode whether targets get the labels of their pod's node
 * @param attachNamespace whether targets get the labels of their namespace
 */
public record KubernetesSdConfig(
        KubernetesRole role,
        @Nullable String apiServer,
        @Nullable String kubeconfigFile,
        HttpClientConfig http,
        List<String> namespaces,
        boolean ownNamespace,
        Map<KubernetesRole, KubernetesSelector> selectors,
        boolean attachNode,
        boolean attachNamespace)
        implements Serializable {
    public KubernetesSdConfig {
        namespaces = List.copyOf(namespaces);
        selectors = Map.copyOf(selectors);
    }

    public KubernetesSelector selector(KubernetesRole kind) {
        return selectors.getOrDefault(kind, KubernetesSelector.ALL);
    }
}
