package dev.weir.ingest.kubernetes;

import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import org.jspecify.annotations.Nullable;

/** Looks up what other objects refer to; null for what does not exist or is not read. */
interface ClusterObjects {
    @Nullable
    Pod pod(@Nullable String namespace, String name);

    @Nullable
    Service service(@Nullable String namespace, String name);

    /** Null, too, unless nodes' labels are to be attached. */
    @Nullable
    Node node(@Nullable String name);

    /** Null, too, unless namespaces' labels are to be attached. */
    @Nullable
    Namespace namespace(@Nullable String name);

    boolean attachesNodes();

    /** Adds the node's labels, if they are to be attached. */
    default void addNode(@Nullable String name, MetaLabels to) {
        Node node = node(name);
        if (node != null) {
            to.object("node", node.getMetadata());
        }
    }

    /** Adds the namespace's labels, if they are to be attached. */
    default void addNamespace(@Nullable String name, MetaLabels to) {
        Namespace namespace = namespace(name);
        if (namespace != null) {
            to.described("namespace", namespace.getMetadata());
        }
    }
}
