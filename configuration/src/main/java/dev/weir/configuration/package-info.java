/**
 * {@code weir.yml} as immutable, serializable records, and every complaint about it with file, line and column. May use
 * {@code dev.weir.series} and a YAML parser; knows nothing of Flink, Kafka or HTTP.
 */
@NullMarked
package dev.weir.configuration;

import org.jspecify.annotations.NullMarked;
