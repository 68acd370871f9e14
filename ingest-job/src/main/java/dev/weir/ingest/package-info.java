/**
 * The Flink job that finds targets, scrapes them, and writes one ScrapeEvent per attempt to Kafka. May use {@code
 * dev.weir.schemas}, {@code dev.weir.configuration} and {@code dev.weir.series}.
 */
@NullMarked
package dev.weir.ingest;

import org.jspecify.annotations.NullMarked;
