/** Prometheus' relabelling: rules over label sets, for targets before a scrape and for metrics after it. Pure functions. */
@NullMarked
package dev.weir.configuration.relabel;

import org.jspecify.annotations.NullMarked;
