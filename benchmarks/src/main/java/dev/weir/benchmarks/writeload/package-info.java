/** What it costs Weir, Prometheus and VictoriaMetrics to take in the same samples: CPU time, memory, disk. */
@NullMarked
package dev.weir.benchmarks.writeload;

import org.jspecify.annotations.NullMarked;
