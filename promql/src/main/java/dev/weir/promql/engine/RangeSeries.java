package dev.weir.promql.engine;

import dev.weir.promql.column.Column;
import dev.weir.promql.function.FloatLoop;
import dev.weir.promql.storage.SampleColumns;
import dev.weir.series.Labels;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The series of a range vector, one after another. */
interface RangeSeries {
    /** Moves to the next series; false if there is none left. */
    boolean next();

    /**
     * Lets the values of windows be computed while series are read, where that is of use. To be called before the first
     * series; {@code loops} makes them, one for each thread.
     */
    default void computeAhead(Supplier<FloatLoop> loops, int steps) {}

    /** The values of the current series' windows, the caller's own; null if they are not computed. */
    default @Nullable Column computed() {
        return null;
    }

    /** Whether no two series become alike if they lose their names, types and units. */
    default boolean staysUniqueWithoutNames() {
        return false;
    }

    Labels labels();

    boolean dropsName();

    /** The samples of the current series over all windows, without stale markers, valid until the next call; if they were
     * not {@link #computed}. */
    SampleColumns samples();
}
