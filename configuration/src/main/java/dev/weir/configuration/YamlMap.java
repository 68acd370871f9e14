package dev.weir.configuration;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.Node;

/** A mapping whose keys were checked; a key whose value is null counts as absent. */
public final class YamlMap {
    private final YamlSource source;
    private final Node node;
    private final String path;
    private final Map<String, YamlValue> values = new LinkedHashMap<>();

    YamlMap(YamlSource source, Node node, String path) {
        this.source = source;
        this.node = node;
        this.path = path;
    }

    void put(String key, YamlValue value) {
        values.put(key, value);
    }

    public boolean has(String key) {
        return orNull(key) != null;
    }

    /** The value of {@code key}, read by {@code reader}; {@code fallback} if absent. */
    public <T> T get(String key, Function<YamlValue, T> reader, T fallback) {
        YamlValue value = orNull(key);
        return value == null ? fallback : reader.apply(value);
    }

    /** The value of {@code key}, read by {@code reader}; null if absent. */
    public <T> @Nullable T getOrNull(String key, Function<YamlValue, T> reader) {
        YamlValue value = orNull(key);
        return value == null ? null : reader.apply(value);
    }

    public <T> T require(String key, Function<YamlValue, T> reader) {
        return reader.apply(require(key));
    }

    public YamlValue require(String key) {
        YamlValue value = orNull(key);
        if (value == null) {
            throw error("no " + key + (path.isEmpty() ? "" : " in " + path) + " (expected: one)");
        }
        return value;
    }

    /** A complaint about the mapping as a whole. */
    public ConfigurationException error(String problem) {
        return source.error(node, problem);
    }

    /** A complaint about {@code key} if it is there, else about the mapping. */
    public ConfigurationException error(String key, String problem) {
        YamlValue value = values.get(key);
        return value == null ? error(problem) : value.error(problem);
    }

    private @Nullable YamlValue orNull(String key) {
        YamlValue value = values.get(key);
        return value == null || value.isNull() ? null : value;
    }
}
