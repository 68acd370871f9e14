package dev.weir.promql.function;

import dev.weir.series.FloatHistogram;
import dev.weir.series.FloatHistogram.ResetHint;
import dev.weir.series.IncompatibleHistogramsException;
import org.jspecify.annotations.Nullable;

/** How much a native histogram grew within a window, what it had at each reset included. */
final class HistogramIncrease {
    private final RangeArguments arguments;
    private final boolean isCounter;

    HistogramIncrease(RangeArguments arguments, boolean isCounter) {
        this.arguments = arguments;
        this.isCounter = isCounter;
    }

    /** Not extrapolated; null, with a warning, if the histograms do not combine. The window has at least two. */
    @Nullable
    FloatHistogram increase(Window window) {
        int size = window.histogramSize();
        FloatHistogram first = window.histogram(0);
        FloatHistogram last = window.histogram(size - 1);
        FloatHistogram base = first;
        if (isCounter && window.histogram(1).isResetAfter(first)) {
            // What the first one held is gone already, whatever its layout.
            base = emptyLike(window.histogram(1));
        }
        try {
            requireOneKind(window, base);
            FloatHistogram increase = last.reducedTo(leastSchema(window, base)).minus(base);
            FloatHistogram previous = base;
            for (int i = 1; isCounter && i < size; i++) {
                FloatHistogram current = window.histogram(i);
                if (current.isResetAfter(previous)) {
                    increase = increase.plus(previous);
                }
                previous = current;
            }
            checkHints(window);
            return increase.withResetHint(ResetHint.GAUGE).compacted();
        } catch (IncompatibleHistogramsException e) {
            arguments.warnOfIncompatible(e, window.metricName());
            return null;
        }
    }

    private void checkHints(Window window) {
        int size = window.histogramSize();
        boolean anyGauge = false;
        for (int i = 0; i < size; i++) {
            anyGauge |= window.histogram(i).resetHint() == ResetHint.GAUGE;
        }
        if (isCounter && anyGauge) {
            arguments.warnNotCounter(window.metricName());
        }
        boolean endsAreGauges = window.histogram(0).resetHint() == ResetHint.GAUGE
                && window.histogram(size - 1).resetHint() == ResetHint.GAUGE;
        if (!isCounter && !endsAreGauges) {
            arguments.warnNotGauge(window.metricName());
        }
    }

    private void requireOneKind(Window window, FloatHistogram base) {
        int size = window.histogramSize();
        boolean isCustom = base.hasCustomBounds();
        if (window.histogram(size - 1).hasCustomBounds() != isCustom) {
            throw new IncompatibleHistogramsException(IncompatibleHistogramsException.Reason.SCHEMA);
        }
        for (int i = 1; isCounter && i < size - 1; i++) {
            if (window.histogram(i).hasCustomBounds() != isCustom) {
                throw new IncompatibleHistogramsException(IncompatibleHistogramsException.Reason.SCHEMA);
            }
        }
    }

    private int leastSchema(Window window, FloatHistogram base) {
        int size = window.histogramSize();
        int least = Math.min(base.schema(), window.histogram(size - 1).schema());
        for (int i = 1; isCounter && i < size - 1; i++) {
            least = Math.min(least, window.histogram(i).schema());
        }
        return least;
    }

    private static FloatHistogram emptyLike(FloatHistogram histogram) {
        FloatHistogram.Builder empty = FloatHistogram.builder().schema(histogram.schema());
        if (histogram.hasCustomBounds()) {
            double[] bounds = new double[histogram.customBoundCount()];
            for (int i = 0; i < bounds.length; i++) {
                bounds[i] = histogram.customBound(i);
            }
            empty.customBounds(bounds);
        }
        return empty.build();
    }
}
