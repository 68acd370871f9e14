/** The aggregation job: scrape events to cumulative series. {@link dev.weir.aggregation.AggregationJob} is the picture. */
@NullMarked
package dev.weir.aggregation;

import org.jspecify.annotations.NullMarked;
