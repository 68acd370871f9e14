package dev.weir.promql.function;

import dev.weir.promql.column.Column;

/** The last sample of the window, or its time in seconds. */
final class LastOverTime implements RangeFunction {
    private final boolean givesTime;

    LastOverTime(boolean givesTime) {
        this.givesTime = givesTime;
    }

    @Override
    public void apply(Window window, int step, Column result) {
        int floats = window.floatSize();
        int histograms = window.histogramSize();
        boolean lastIsFloat =
                histograms == 0 || (floats > 0 && window.timeMs(floats - 1) > window.histogramTimeMs(histograms - 1));
        if (givesTime) {
            long timeMs = lastIsFloat ? window.timeMs(floats - 1) : window.histogramTimeMs(histograms - 1);
            result.set(step, timeMs / 1000.0);
        } else if (lastIsFloat) {
            result.set(step, window.value(floats - 1));
        } else {
            result.set(step, window.histogram(histograms - 1));
        }
    }

    @Override
    public boolean keepsName() {
        return !givesTime;
    }
}
