package dev.weir.promql.function;

import dev.weir.promql.column.Column;

/** The least or greatest float of the window, or the time of its last appearance in seconds. */
final class ExtremumOverTime implements RangeFunction {
    private final RangeFunction function;

    ExtremumOverTime(RangeArguments arguments, boolean isMaximum, boolean givesTime) {
        this.function = OverTime.onFloats(arguments, (window, step) -> {
            double extremum = window.value(0);
            int at = 0;
            for (int i = 0; i < window.floatSize(); i++) {
                double value = window.value(i);
                boolean isBeyond = isMaximum ? value > extremum : value < extremum;
                if (isBeyond || (givesTime && value == extremum) || Double.isNaN(extremum)) {
                    extremum = value;
                    at = i;
                }
            }
            return givesTime ? window.timeMs(at) / 1000.0 : extremum;
        });
    }

    @Override
    public void apply(Window window, int step, Column result) {
        function.apply(window, step, result);
    }
}
