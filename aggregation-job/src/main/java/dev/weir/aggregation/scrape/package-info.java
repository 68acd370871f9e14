/**
 * Reads scrape events: decodes the body, gives every series its labels by the job's rules, and tells cumulative series
 * from values that pass through. Pure Java, no Flink.
 */
@NullMarked
package dev.weir.aggregation.scrape;

import org.jspecify.annotations.NullMarked;
