/**
 * Distributions of latencies: exponential histograms with exactly the bins of a Prometheus native histogram of schema 5, filled
 * by single observations, by native histograms and by classic buckets, and the quantiles they tell. Pure Java, no Flink.
 */
@NullMarked
package dev.weir.aggregation.sketch;

import org.jspecify.annotations.NullMarked;
