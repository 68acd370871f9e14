package dev.weir.promql.function;

import dev.weir.promql.column.Column;
import dev.weir.promql.column.QueryContext;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A function of a range vector: a value for each window that has samples, or none. May keep state of one series. */
public interface RangeFunction {
    /**
     * Computes the values of all windows of the series that {@code window} has loaded, and sets them in a column that has
     * nothing yet.
     */
    default void applyAll(Window window, StepWindows steps, Column result, QueryContext context) {
        for (int i = 0; i < steps.count(); i++) {
            window.moveTo(steps.startMs(i), steps.endMs(i), steps.evaluationMs(i));
            if (!window.isEmpty()) {
                context.work(window.size() / 4);
                apply(window, i, result);
            }
        }
    }

    /** Computes the value of a window that is not empty, and sets it at this step. */
    void apply(Window window, int step, Column result);

    /** Makes loops that give the same values, of series of floats alone; null if there are none. */
    default @Nullable Supplier<FloatLoop> loops(StepWindows steps, QueryContext context) {
        return null;
    }

    /** Whether results keep the metric name. */
    default boolean keepsName() {
        return false;
    }
}
