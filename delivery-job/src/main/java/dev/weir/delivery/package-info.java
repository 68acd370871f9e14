/**
 * Delivers the records of {@code weir.series} to one remote-write receiver, in order and exactly once in effect. The
 * decisions (what an answer means, when to try again, how to find the one bad series) are plain Java; only
 * {@link dev.weir.delivery.DeliveryJob}, the sink and its writer know Flink.
 */
@NullMarked
package dev.weir.delivery;

import org.jspecify.annotations.NullMarked;
