package dev.weir.promql.function;

import dev.weir.promql.column.Column;

/** All windows of a series of floats in one loop, which needs nothing of the query and so may run on any one thread. */
public interface FloatLoop {
    /** Sets the value of every window that has one, in a column that has nothing yet. There are no stale markers. */
    void apply(long[] timesMs, double[] values, int count, Column result);
}
