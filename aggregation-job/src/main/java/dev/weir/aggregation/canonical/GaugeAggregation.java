package dev.weir.aggregation.canonical;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** How the values of a gauge, several on each of several replicas' pages, become one. */
public enum GaugeAggregation {
    SUM,
    /** Of all values alike, however many a page has. */
    MEAN,
    MAX,
    /**
     * The largest of the pages' sums: for what every replica tells of the same things, such as an endpoint picker's
     * queues, one for each pod.
     */
    MAX_OF_PAGES;

    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Map<String, GaugeAggregation> words() {
        Map<String, GaugeAggregation> words = new LinkedHashMap<>();
        for (GaugeAggregation aggregation : values()) {
            words.put(aggregation.word(), aggregation);
        }
        return words;
    }
}
