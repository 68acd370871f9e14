package dev.weir.promql.engine;

import dev.weir.promql.storage.SampleColumns;
import dev.weir.series.Labels;

/** The series of a range vector, one after another. */
interface RangeSeries {
    /** Moves to the next series; false if there is none left. */
    boolean next();

    Labels labels();

    boolean dropsName();

    /** The samples of the current series over all windows, without stale markers, valid until the next call. */
    SampleColumns samples();
}
