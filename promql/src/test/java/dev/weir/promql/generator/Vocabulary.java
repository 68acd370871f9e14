package dev.weir.promql.generator;

import java.util.List;
import java.util.Map;

/**
 * What queries talk about.
 *
 * @param metrics the metrics of each flavor, as they stand in a selector; names that need quotes are in quotes
 * @param labels the labels that matchers, groupings and joins name, each with values that occur
 * @param startMs when the data begin
 * @param endMs when they end
 */
public record Vocabulary(
        Map<Flavor, List<String>> metrics, Map<String, List<String>> labels, long startMs, long endMs) {
    public Vocabulary {
        metrics = Map.copyOf(metrics);
        labels = Map.copyOf(labels);
        for (Flavor flavor : Flavor.values()) {
            if (!metrics.containsKey(flavor) || metrics.get(flavor).isEmpty()) {
                throw new IllegalArgumentException("metrics: none of flavor " + flavor + " (expected: at least one)");
            }
        }
    }
}
