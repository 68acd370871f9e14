package dev.weir.promql.function;

import dev.weir.promql.column.Column;
import dev.weir.series.FloatHistogram;
import java.util.Arrays;

/**
 * rate, increase and delta: the change between the first and the last sample, extrapolated to the edges of the window.
 * An edge is reached if it is less than 1.1 average intervals away, else half an interval is added. A counter is not
 * extrapolated to below zero. Resets are found once for a series, so that a window costs only what it has of them.
 */
final class ExtrapolatedRate implements RangeFunction {
    private final RangeArguments arguments;
    private final boolean isCounter;
    private final boolean isRate;
    private final HistogramIncrease histograms;
    /** Positions of floats that are less than the one before. */
    private int[] resets = new int[16];

    private int resetCount;
    private int firstReset;

    ExtrapolatedRate(RangeArguments arguments, boolean isCounter, boolean isRate) {
        this.arguments = arguments;
        this.isCounter = isCounter;
        this.isRate = isRate;
        this.histograms = new HistogramIncrease(arguments, isCounter);
    }

    @Override
    public void begin(Window window) {
        resetCount = 0;
        firstReset = 0;
        double[] values = window.floats();
        for (int i = 1; isCounter && i < window.seriesFloatCount(); i++) {
            if (values[i] < values[i - 1]) {
                if (resetCount == resets.length) {
                    resets = Arrays.copyOf(resets, resetCount * 2);
                }
                resets[resetCount++] = i;
            }
        }
    }

    @Override
    public void apply(Window window, int step, Column result) {
        int floats = window.floatSize();
        int histogramCount = window.histogramSize();
        if (floats > 0 && histogramCount > 0) {
            arguments.warnOfMix(window.metricName());
        } else if (histogramCount > 1) {
            FloatHistogram increase = histograms.increase(window);
            if (increase != null) {
                long firstMs = window.histogramTimeMs(0);
                long lastMs = window.histogramTimeMs(histogramCount - 1);
                result.set(step, increase.times(factor(window, firstMs, lastMs, histogramCount, Double.NaN, 0)));
            }
        } else if (floats > 1) {
            double increase = increase(window);
            long firstMs = window.timeMs(0);
            long lastMs = window.timeMs(floats - 1);
            result.set(step, increase * factor(window, firstMs, lastMs, floats, window.value(0), increase));
        }
    }

    private double increase(Window window) {
        double[] values = window.floats();
        int from = window.floatFrom();
        int to = window.floatTo();
        double increase = values[to - 1] - values[from];
        while (firstReset < resetCount && resets[firstReset] <= from) {
            firstReset++;
        }
        for (int i = firstReset; i < resetCount && resets[i] < to; i++) {
            increase += values[resets[i] - 1];
        }
        return increase;
    }

    private double factor(Window window, long firstMs, long lastMs, int samples, double first, double increase) {
        double toStart = (firstMs - window.startMs()) / 1000.0;
        double toEnd = (window.endMs() - lastMs) / 1000.0;
        double sampled = (lastMs - firstMs) / 1000.0;
        double average = sampled / (samples - 1);
        double threshold = average * 1.1;
        if (toStart >= threshold) {
            toStart = average / 2;
        }
        if (isCounter && increase > 0 && first >= 0) {
            double toZero = sampled * (first / increase);
            if (toZero < toStart) {
                toStart = toZero;
            }
        }
        if (toEnd >= threshold) {
            toEnd = average / 2;
        }
        double factor = (sampled + toStart + toEnd) / sampled;
        return isRate ? factor / ((window.endMs() - window.startMs()) / 1000.0) : factor;
    }
}
