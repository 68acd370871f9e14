/**
 * What evaluation works on: columns of values over steps, streams of series, and the context that holds a query's
 * limits and annotations.
 */
@NullMarked
package dev.weir.promql.column;

import org.jspecify.annotations.NullMarked;
