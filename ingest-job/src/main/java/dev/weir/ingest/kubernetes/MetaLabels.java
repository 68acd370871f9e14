package dev.weir.ingest.kubernetes;

import dev.weir.series.Labels;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Collects {@code __meta_kubernetes_*} labels of one target; an absent value is no label. */
final class MetaLabels {
    static final String ADDRESS = "__address__";
    private static final Pattern INVALID = Pattern.compile("[^a-zA-Z0-9_]");
    static final String PREFIX = "__meta_kubernetes_";

    private final Labels.Builder labels;

    MetaLabels() {
        this(Labels.builder());
    }

    private MetaLabels(Labels.Builder labels) {
        this.labels = labels;
    }

    /** Begins with what several targets have in common. */
    static MetaLabels startingWith(Labels common) {
        return new MetaLabels(common.toBuilder());
    }

    MetaLabels address(String address) {
        labels.set(ADDRESS, address);
        return this;
    }

    /** @param name without the prefix */
    MetaLabels set(String name, @Nullable Object value) {
        if (value != null) {
            labels.set(PREFIX + name, value.toString());
        }
        return this;
    }

    MetaLabels setAll(Labels others) {
        labels.setAll(others);
        return this;
    }

    /** Name, labels and annotations of an object, under the word of its kind. */
    MetaLabels object(String kind, ObjectMeta meta) {
        set(kind + "_name", meta.getName());
        return described(kind, meta);
    }

    /** Labels and annotations of an object, under the word of its kind. */
    MetaLabels described(String kind, ObjectMeta meta) {
        setEach(kind, "label", meta.getLabels());
        setEach(kind, "annotation", meta.getAnnotations());
        return this;
    }

    Labels build() {
        return labels.build();
    }

    /** A label with the instance's name, which is no meta label. */
    MetaLabels instance(@Nullable String name) {
        if (name != null) {
            labels.set("instance", name);
        }
        return this;
    }

    /** Keys of Kubernetes as parts of label names: what a label name must not hold becomes an underscore. */
    static String sanitized(String key) {
        return INVALID.matcher(key).replaceAll("_");
    }

    /** Host and port as in a URL: an IPv6 address in brackets. */
    static String hostPort(@Nullable String host, int port) {
        return (host != null && host.indexOf(':') >= 0 ? "[" + host + "]" : String.valueOf(host)) + ":" + port;
    }

    private void setEach(String kind, String what, @Nullable Map<String, String> values) {
        if (values != null) {
            values.forEach((key, value) -> {
                String name = sanitized(key);
                set(kind + "_" + what + "_" + name, value);
                set(kind + "_" + what + "present_" + name, true);
            });
        }
    }
}
