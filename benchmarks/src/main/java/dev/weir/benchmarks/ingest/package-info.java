/** What it costs to take pages in: decoding them, and the way from Kafka to {@code weir.series}. */
@NullMarked
package dev.weir.benchmarks.ingest;

import org.jspecify.annotations.NullMarked;
