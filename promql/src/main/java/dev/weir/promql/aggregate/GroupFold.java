package dev.weir.promql.aggregate;

import dev.weir.promql.column.Column;
import dev.weir.promql.column.StepSeries;

/** The aggregate of one group, into which series are folded as they arrive. */
public interface GroupFold {
    void add(StepSeries series);

    /** The aggregate at every step that had something to aggregate. */
    Column finish();
}
