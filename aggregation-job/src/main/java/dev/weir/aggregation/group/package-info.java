/**
 * Groups of targets that differ only in per-replica labels, and the lanes that hold them: what targets report, summed up
 * window by window into the records of {@code weir.series}. Pure Java, no Flink.
 */
@NullMarked
package dev.weir.aggregation.group;

import org.jspecify.annotations.NullMarked;
