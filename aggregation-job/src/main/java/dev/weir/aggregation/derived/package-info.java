/**
 * What Weir makes out of a group's own series: canonical series, views, sketches and aggregates of gauges, each window by
 * window. Pure Java, no Flink.
 */
@NullMarked
package dev.weir.aggregation.derived;

import org.jspecify.annotations.NullMarked;
