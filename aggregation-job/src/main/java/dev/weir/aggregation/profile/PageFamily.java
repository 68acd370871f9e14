package dev.weir.aggregation.profile;

import dev.weir.exposition.MetricType;

/**
 * A family of a page, as far as a profile is concerned.
 *
 * @param name as its series are called, {@code _total} included; a histogram's without suffix
 * @param hasSeries false if the page only declares it
 */
public record PageFamily(String name, MetricType type, String help, boolean hasSeries) {}
