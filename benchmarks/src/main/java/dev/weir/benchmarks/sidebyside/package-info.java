/** Loads the same data into Weir, Prometheus and VictoriaMetrics and asks each the same queries over HTTP. */
@NullMarked
package dev.weir.benchmarks.sidebyside;

import org.jspecify.annotations.NullMarked;
