/**
 * Writes scrape and request events to Weir's topics, for engines, gateways and sidecars that tell of themselves. May use
 * {@code dev.weir.schemas} and Kafka's client, and nothing else.
 */
@NullMarked
package dev.weir.producer;

import org.jspecify.annotations.NullMarked;
