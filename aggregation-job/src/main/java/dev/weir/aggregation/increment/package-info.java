/**
 * Exact increments of cumulative series, scrape by scrape: what a target's counters and histograms gained since Weir last
 * looked, and what of it is not proven. Pure Java, no Flink.
 */
@NullMarked
package dev.weir.aggregation.increment;

import org.jspecify.annotations.NullMarked;
