package dev.weir.promql.function;

import dev.weir.promql.column.Column;
import dev.weir.promql.column.QueryContext;
import dev.weir.series.FloatHistogram;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** rate, increase and delta: the change between the first and the last sample, extrapolated to the edges of the window. */
final class ExtrapolatedRate implements RangeFunction {
    private final RangeArguments arguments;
    private final Extrapolation extrapolation;
    private final HistogramIncrease histograms;
    private @Nullable FloatLoop floats;

    ExtrapolatedRate(RangeArguments arguments, boolean isCounter, boolean isRate) {
        this.arguments = arguments;
        this.extrapolation = new Extrapolation(isCounter, isRate);
        this.histograms = new HistogramIncrease(arguments, isCounter);
    }

    @Override
    public Supplier<FloatLoop> loops(StepWindows steps, QueryContext context) {
        return () -> newLoop(steps, context);
    }

    @Override
    public void applyAll(Window window, StepWindows steps, Column result, QueryContext context) {
        if (floats == null) {
            floats = newLoop(steps, context);
        }
        floats.apply(window.floatTimesMs(), window.floats(), window.seriesFloatCount(), result);
        if (window.seriesHasHistograms()) {
            RangeFunction.super.applyAll(window, steps, result, context);
        }
    }

    /** Computes windows with histograms; those of floats alone have their value. */
    @Override
    public void apply(Window window, int step, Column result) {
        int size = window.histogramSize();
        if (size > 0 && window.floatSize() > 0) {
            arguments.warnOfMix(window.metricName());
            result.remove(step);
        } else if (size > 1) {
            FloatHistogram increase = histograms.increase(window);
            if (increase != null) {
                result.set(step, increase.times(factor(window)));
            }
        }
    }

    private FloatLoop newLoop(StepWindows steps, QueryContext context) {
        context.hold(FloatRates.sizeInSamples(steps.count()));
        return new FloatRates(extrapolation, steps);
    }

    private double factor(Window window) {
        int size = window.histogramSize();
        long firstMs = window.histogramTimeMs(0);
        long lastMs = window.histogramTimeMs(size - 1);
        double sampled = (lastMs - firstMs) / 1000.0;
        double average = sampled / (size - 1);
        double toStart = Extrapolation.toEdge(firstMs - window.startMs(), average);
        double toEnd = Extrapolation.toEdge(window.endMs() - lastMs, average);
        return extrapolation.factor(sampled, toStart, toEnd, window.endMs() - window.startMs());
    }
}
