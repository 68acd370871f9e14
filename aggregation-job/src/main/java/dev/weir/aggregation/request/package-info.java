/**
 * Single requests, as producers tell them: read and checked, counted once, and summed up by group and window to canonical
 * counters, native histograms and quantiles. Pure Java, no Flink.
 */
@NullMarked
package dev.weir.aggregation.request;

import org.jspecify.annotations.NullMarked;
