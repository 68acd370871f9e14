/**
 * Releases increments evenly over windows and sums them up to cumulative series: nothing is ever late, and the sum over
 * all windows equals the sum of all increments. Pure Java, no Flink.
 */
@NullMarked
package dev.weir.aggregation.release;

import org.jspecify.annotations.NullMarked;
