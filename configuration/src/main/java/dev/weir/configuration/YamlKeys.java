package dev.weir.configuration;

import java.util.List;

/**
 * The keys one mapping may have: those that are read, those that are accepted without effect because ignoring them changes
 * no answer, and those of Prometheus that are refused as not supported yet.
 */
public record YamlKeys(List<String> read, List<String> ignored, List<String> refused) {
    public YamlKeys {
        read = List.copyOf(read);
        ignored = List.copyOf(ignored);
        refused = List.copyOf(refused);
    }

    public static YamlKeys of(String... read) {
        return new YamlKeys(List.of(read), List.of(), List.of());
    }

    YamlKeys ignoring(String... keys) {
        return new YamlKeys(read, List.of(keys), refused);
    }

    YamlKeys refusing(String... keys) {
        return new YamlKeys(read, ignored, List.of(keys));
    }
}
