package dev.weir.promql.engine;

import dev.weir.promql.column.Steps;
import dev.weir.promql.function.StepWindows;
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
        @Nullable Long fixedEndMs) implements StepWindows {
    @Override
    public int count() {
        return steps.count();
    }

    @Override
    public long startMs(int step) {
        return endMs(step) - rangeMs;
    }

    @Override
    public long endMs(int step) {
        return fixedEndMs != null ? fixedEndMs : steps.timeMs(step) - offsetMs;
    }

    @Override
    public long evaluationMs(int step) {
        return steps.timeMs(step);
    }
}
