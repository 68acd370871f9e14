package dev.weir.promql.engine;

import dev.weir.promql.column.Steps;
import org.jspecify.annotations.Nullable;

/**
 * A range vector over steps: at each step the samples within {@code (end - range, end]}.
 *
 * @param fixedEndMs the end of all windows if {@code @} fixes it, else each step's time less the offset is
 */
record RangeInput(
        RangeSeries source,
        Steps steps,
        long rangeMs,
        long offsetMs,
        @Nullable Long fixedEndMs) {
    long endMs(int step) {
        return fixedEndMs != null ? fixedEndMs : steps.timeMs(step) - offsetMs;
    }
}
