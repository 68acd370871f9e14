package dev.weir.promql.ast;

import org.jspecify.annotations.Nullable;

/** When a selector or subquery looks: at a fixed time if {@code at} is set, else at the evaluation time, less the offset. */
public record TimeModifier(DurationValue offset, @Nullable At at) {
    public static final TimeModifier NONE = new TimeModifier(DurationValue.ZERO, null);

    /** A fixed evaluation time. */
    public sealed interface At permits AtTime, AtBound {}

    /** {@code @ 12.5} */
    public record AtTime(long timestampMs) implements At {}

    /** {@code @ start()} or {@code @ end()} */
    public record AtBound(boolean isEnd) implements At {}

    public boolean hasOffset() {
        return offset.millis() != 0 || offset.formula() != null;
    }
}
