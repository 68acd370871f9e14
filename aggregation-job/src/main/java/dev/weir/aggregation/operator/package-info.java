/** Flink's side of the job: records, serializers and operators that adapt the pure algorithms, and sources and sinks. */
@NullMarked
package dev.weir.aggregation.operator;

import org.jspecify.annotations.NullMarked;
