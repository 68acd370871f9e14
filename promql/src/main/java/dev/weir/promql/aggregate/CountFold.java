package dev.weir.promql.aggregate;

import dev.weir.promql.column.Column;
import dev.weir.promql.column.StepSeries;

/** Counts the series that have a value, or says only that there are some. */
final class CountFold implements GroupFold {
    private final Column counts;
    private final boolean isOnlyOne;

    CountFold(int steps, boolean isOnlyOne) {
        this.counts = new Column(steps);
        this.isOnlyOne = isOnlyOne;
    }

    @Override
    public void add(StepSeries series) {
        Column column = series.column();
        for (int i = 0; i < column.size(); i++) {
            if (column.has(i)) {
                counts.set(i, isOnlyOne || !counts.hasFloat(i) ? 1 : counts.value(i) + 1);
            }
        }
    }

    @Override
    public Column finish() {
        return counts;
    }
}
