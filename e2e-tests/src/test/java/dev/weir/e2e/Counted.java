package dev.weir.e2e;

import java.util.Map;
import java.util.TreeMap;

/** What Weir counted, as its query server tells it, by family. */
final class Counted {
    private Counted() {}

    /** Present totals. */
    static Map<String, Double> totals(PromClient client) {
        Map<String, Double> totals = new TreeMap<>();
        for (String family : Fleet.families()) {
            totals.put(family, client.value(Fleet.totalQuery(family)));
        }
        return totals;
    }

    /** What Weir says that it did not count. */
    private static Map<String, Double> unaccounted(PromClient client) {
        Map<String, Double> unaccounted = new TreeMap<>();
        client.instant("sum by (metric) (weir_unaccounted_increments_total)")
                .forEach((labels, value) ->
                        unaccounted.put(labels.substring("{metric=".length(), labels.length() - 1), value));
        return unaccounted;
    }

    /** What is missing from or too much in Weir's totals, once what it says it missed is added. */
    static Map<String, Double> difference(PromClient client, Map<String, Double> expected) {
        Map<String, Double> totals = totals(client);
        Map<String, Double> unaccounted = unaccounted(client);
        Map<String, Double> difference = new TreeMap<>();
        expected.forEach((family, truth) -> {
            double counted = totals.getOrDefault(family, Double.NaN) + unaccounted.getOrDefault(family, 0.0);
            if (counted != truth) {
                difference.put(family, truth - counted);
            }
        });
        return difference;
    }
}
