/**
 * The cumulative series of a group, its members: how they grow and feed each other, who owns which labels, and the points
 * and markers that leave. Pure Java, no Flink.
 */
@NullMarked
package dev.weir.aggregation.member;

import org.jspecify.annotations.NullMarked;
