package dev.weir.aggregation.profile;

import dev.weir.aggregation.canonical.CanonicalFamily;
import dev.weir.aggregation.canonical.Vantage;
import dev.weir.exposition.MetricType;
import java.io.Serializable;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one engine.
 *
 * @param name unique
 * @param modelServer value of the label {@code model_server}
 * @param detection families of which a page of the engine has at least one; a trailing {@code *} stands for anything
 * @param stability shown in the metadata's help, such as ALPHA; "" for none
 * @param replicas whether its targets are the replicas that {@code inference_replicas} counts
 * @param types of families without TYPE line
 * @param replicaLabels further labels that tell replicas of one group apart
 * @param labels per canonical label the labels whose value it takes, the first that is there
 * @param helpUnits units that HELP lines tell; null if they tell none
 * @param notes per family a sentence that its help is lengthened by
 */
public record Profile(
        String name,
        String modelServer,
        Vantage vantage,
        List<String> detection,
        String stability,
        boolean replicas,
        Map<String, MetricType> types,
        List<String> replicaLabels,
        Map<String, List<String>> labels,
        @Nullable HelpUnits helpUnits,
        Map<String, String> notes,
        List<CanonicalRule> rules)
        implements Serializable {
    public Profile {
        detection = List.copyOf(detection);
        types = Map.copyOf(types);
        replicaLabels = List.copyOf(replicaLabels);
        labels = Map.copyOf(labels);
        notes = Map.copyOf(notes);
        rules = List.copyOf(rules);
    }

    /** Whether it says how the canonical family comes of the engine's, be it there on a page or not. */
    public boolean maps(CanonicalFamily family) {
        return (family == CanonicalFamily.REPLICAS && replicas)
                || rules.stream().anyMatch(rule -> rule.family() == family);
    }

    /** Whether a family of that name is the engine's and of no other. */
    boolean isDetectedBy(String family) {
        for (String pattern : detection) {
            if (matches(pattern, family)) {
                return true;
            }
        }
        return false;
    }

    static boolean matches(String pattern, String family) {
        return pattern.endsWith("*")
                ? family.startsWith(pattern.substring(0, pattern.length() - 1))
                : family.equals(pattern);
    }
}
