package dev.weir.exposition;

import java.util.List;

/**
 * All lines of one metric, wherever in the page they stand.
 *
 * @param name as in the TYPE line; so an OpenMetrics counter's is without {@code _total}, a text counter's is its own
 * @param help unescaped, "" if not given
 * @param unit "" if not given
 * @param samples in the page's order, duplicates included; empty for a family of which only HELP or TYPE is there
 */
public record MetricFamily(String name, MetricType type, String help, String unit, List<Sample> samples) {
    public MetricFamily {
        samples = List.copyOf(samples);
    }
}
