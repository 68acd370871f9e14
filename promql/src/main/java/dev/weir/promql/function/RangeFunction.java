package dev.weir.promql.function;

import dev.weir.promql.column.Column;

/** A function of a range vector: a value for each window that has samples, or none. May keep state of one series. */
public interface RangeFunction {
    /** Told when the window begins a new series. */
    default void begin(Window window) {}

    /** Computes the value of a window that is not empty, and sets it at this step. */
    void apply(Window window, int step, Column result);

    /** Whether results keep the metric name. */
    default boolean keepsName() {
        return false;
    }
}
