package dev.weir.promql.function;

import dev.weir.promql.column.Column;
import dev.weir.series.FloatHistogram;
import dev.weir.series.FloatHistogram.ResetHint;
import dev.weir.series.IncompatibleHistogramsException;
import org.jspecify.annotations.Nullable;

/** irate and idelta: the change between the last two samples. */
final class InstantRate implements RangeFunction {
    private final RangeArguments arguments;
    private final boolean isRate;

    InstantRate(RangeArguments arguments, boolean isRate) {
        this.arguments = arguments;
        this.isRate = isRate;
    }

    @Override
    public void apply(Window window, int step, Column result) {
        int floats = window.floatSize();
        int histograms = window.histogramSize();
        if (floats + histograms < 2) {
            return;
        }
        boolean lastIsFloat = lastIsFloat(window, floats, histograms);
        int floatsBefore = lastIsFloat ? floats - 1 : floats;
        int histogramsBefore = lastIsFloat ? histograms : histograms - 1;
        boolean previousIsFloat = lastIsFloat(window, floatsBefore, histogramsBefore);
        if (lastIsFloat != previousIsFloat) {
            arguments.warnOfMix(window.metricName());
        } else if (lastIsFloat) {
            double seconds = (window.timeMs(floats - 1) - window.timeMs(floats - 2)) / 1000.0;
            double previous = window.value(floats - 2);
            double last = window.value(floats - 1);
            double change = isRate && last < previous ? last : last - previous;
            result.set(step, isRate ? change / seconds : change);
        } else {
            double seconds = (window.histogramTimeMs(histograms - 1) - window.histogramTimeMs(histograms - 2)) / 1000.0;
            FloatHistogram change =
                    change(window.histogram(histograms - 2), window.histogram(histograms - 1), window.metricName());
            if (change != null) {
                result.set(step, isRate ? change.dividedBy(seconds) : change);
            }
        }
    }

    private @Nullable FloatHistogram change(FloatHistogram previous, FloatHistogram last, String metricName) {
        boolean previousIsGauge = previous.resetHint() == ResetHint.GAUGE;
        boolean lastIsGauge = last.resetHint() == ResetHint.GAUGE;
        if (isRate && (previousIsGauge || lastIsGauge)) {
            arguments.warnNotCounter(metricName);
        }
        if (!isRate && !(previousIsGauge && lastIsGauge)) {
            arguments.warnNotGauge(metricName);
        }
        try {
            FloatHistogram change = isRate && last.isResetAfter(previous) ? last : last.minus(previous);
            return change.withResetHint(ResetHint.GAUGE).compacted();
        } catch (IncompatibleHistogramsException e) {
            arguments.warnOfIncompatible(e, metricName);
            return null;
        }
    }

    private static boolean lastIsFloat(Window window, int floats, int histograms) {
        if (floats == 0 || histograms == 0) {
            return floats > 0;
        }
        return window.timeMs(floats - 1) > window.histogramTimeMs(histograms - 1);
    }
}
