/** Labels, matchers, samples and staleness: what a time series is, in pure Java. Depends on no other module. */
@NullMarked
package dev.weir.series;

import org.jspecify.annotations.NullMarked;
