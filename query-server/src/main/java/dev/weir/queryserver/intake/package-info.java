/**
 * Takes scrape and request events in over HTTP, for whoever has no Kafka client, and hands them to what writes them to the
 * topics. May use {@code dev.weir.schemas} and {@code dev.weir.exposition}; knows nothing of Kafka.
 */
@NullMarked
package dev.weir.queryserver.intake;

import org.jspecify.annotations.NullMarked;
