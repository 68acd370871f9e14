package dev.weir.promql.function;

import dev.weir.promql.column.Column;
import dev.weir.series.FloatHistogram;
import org.jspecify.annotations.Nullable;

/** changes and resets: how often a sample differs from the one before, or shows a counter that started anew. */
final class Transitions implements RangeFunction {
    private final boolean countsResets;

    Transitions(boolean countsResets) {
        this.countsResets = countsResets;
    }

    @Override
    public void apply(Window window, int step, Column result) {
        int count = 0;
        if (window.histogramSize() == 0) {
            double[] values = window.floats();
            for (int i = window.floatFrom() + 1; i < window.floatTo(); i++) {
                count += isTransition(values[i - 1], values[i]) ? 1 : 0;
            }
        } else {
            count = amongBoth(window);
        }
        result.set(step, count);
    }

    private int amongBoth(Window window) {
        int count = 0;
        int nextFloat = 0;
        int nextHistogram = 0;
        boolean isFirst = true;
        double previous = 0;
        FloatHistogram previousHistogram = null;
        while (nextFloat < window.floatSize() || nextHistogram < window.histogramSize()) {
            boolean takesFloat = nextHistogram == window.histogramSize()
                    || (nextFloat < window.floatSize()
                            && window.timeMs(nextFloat) < window.histogramTimeMs(nextHistogram));
            double value = takesFloat ? window.value(nextFloat++) : 0;
            FloatHistogram histogram = takesFloat ? null : window.histogram(nextHistogram++);
            if (!isFirst && isTransition(previous, previousHistogram, value, histogram)) {
                count++;
            }
            isFirst = false;
            previous = value;
            previousHistogram = histogram;
        }
        return count;
    }

    private boolean isTransition(
            double previous,
            @Nullable FloatHistogram previousHistogram,
            double value,
            @Nullable FloatHistogram histogram) {
        if (previousHistogram != null && histogram != null) {
            return countsResets ? histogram.isResetAfter(previousHistogram) : !histogram.equals(previousHistogram);
        }
        return previousHistogram != null || histogram != null || isTransition(previous, value);
    }

    private boolean isTransition(double previous, double value) {
        return countsResets ? value < previous : value != previous && !(Double.isNaN(value) && Double.isNaN(previous));
    }
}
