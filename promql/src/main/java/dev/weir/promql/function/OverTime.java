package dev.weir.promql.function;

import dev.weir.promql.ast.GoText;
import dev.weir.promql.ast.Span;
import dev.weir.promql.column.Column;
import dev.weir.series.FloatHistogram;
import dev.weir.series.IncompatibleHistogramsException;
import java.util.Arrays;

/** Aggregations of the samples of one series within the window. */
final class OverTime {
    private OverTime() {}

    static RangeFunction sum(RangeArguments arguments) {
        Kahan kahan = new Kahan();
        return (window, step, result) -> {
            if (window.floatSize() > 0 && window.histogramSize() > 0) {
                arguments.warnOfMix(window.metricName());
            } else if (window.floatSize() > 0) {
                kahan.reset();
                for (int i = window.floatFrom(); i < window.floatTo(); i++) {
                    kahan.add(window.floats()[i]);
                }
                result.set(step, Double.isInfinite(kahan.sum()) ? kahan.sum() : kahan.total());
            } else {
                sumOfHistograms(arguments, window, step, result);
            }
        };
    }

    static RangeFunction average(RangeArguments arguments) {
        Kahan kahan = new Kahan();
        return (window, step, result) -> {
            if (window.floatSize() > 0 && window.histogramSize() > 0) {
                arguments.warnOfMix(window.metricName());
            } else if (window.floatSize() > 0) {
                result.set(step, averageOfFloats(window, kahan));
            } else {
                averageOfHistograms(arguments, window, step, result);
            }
        };
    }

    static RangeFunction count() {
        return (window, step, result) -> result.set(step, window.size());
    }

    static RangeFunction present() {
        return (window, step, result) -> result.set(step, 1);
    }

    static RangeFunction variance(RangeArguments arguments, boolean isDeviation) {
        Kahan mean = new Kahan();
        Kahan squares = new Kahan();
        return onFloats(arguments, (window, step) -> {
            mean.reset();
            squares.reset();
            double count = 0;
            for (int i = window.floatFrom(); i < window.floatTo(); i++) {
                double value = window.floats()[i];
                count++;
                double delta = value - mean.total();
                mean.add(delta / count);
                squares.add(delta * (value - mean.total()));
            }
            double variance = squares.total() / count;
            return isDeviation ? Math.sqrt(variance) : variance;
        });
    }

    static RangeFunction quantile(RangeArguments arguments) {
        return onFloats(arguments, arguments.firstSpan(), (window, step) -> {
            double q = arguments.parameter(0, step);
            if (!(q >= 0 && q <= 1)) {
                arguments
                        .context()
                        .warn(
                                arguments.firstSpan(),
                                "quantile value should be between 0 and 1, got " + GoText.general(q));
            }
            double[] values = copy(window);
            return Quantiles.quantile(q, values, values.length);
        });
    }

    static RangeFunction medianAbsoluteDeviation(RangeArguments arguments) {
        return onFloats(arguments, (window, step) -> {
            double[] values = copy(window);
            double median = Quantiles.quantile(0.5, values, values.length);
            for (int i = 0; i < values.length; i++) {
                values[i] = Math.abs(values[i] - median);
            }
            return Quantiles.quantile(0.5, values, values.length);
        });
    }

    /** A function of the floats only, with an info where there are histograms beside them. */
    static RangeFunction onFloats(RangeArguments arguments, FloatsFunction function) {
        return onFloats(arguments, arguments.span(), function);
    }

    private static RangeFunction onFloats(RangeArguments arguments, Span place, FloatsFunction function) {
        return (window, step, result) -> {
            if (window.floatSize() == 0) {
                return;
            }
            if (window.histogramSize() > 0) {
                arguments.informOfIgnoredHistograms(place, window.metricName());
            }
            arguments.context().work(window.floatSize());
            result.set(step, function.apply(window, step));
        };
    }

    /** A value out of at least one float. */
    interface FloatsFunction {
        double apply(Window window, int step);
    }

    private static double averageOfFloats(Window window, Kahan kahan) {
        double[] values = window.floats();
        kahan.set(values[window.floatFrom()], 0);
        boolean isIncremental = false;
        double count = 1;
        for (int i = window.floatFrom() + 1; i < window.floatTo(); i++) {
            count++;
            if (!isIncremental) {
                double sum = kahan.sum();
                double compensation = kahan.compensation();
                kahan.add(values[i]);
                if (!Double.isInfinite(kahan.sum())) {
                    continue;
                }
                isIncremental = true;
                kahan.set(sum / (count - 1), compensation / (count - 1));
            }
            double weight = (count - 1) / count;
            kahan.set(weight * kahan.sum(), weight * kahan.compensation());
            kahan.add(values[i] / count);
        }
        return isIncremental ? kahan.total() : kahan.sum() / count + kahan.compensation() / count;
    }

    private static void sumOfHistograms(RangeArguments arguments, Window window, int step, Column result) {
        try {
            FloatHistogram sum = window.histogram(0);
            for (int i = 1; i < window.histogramSize(); i++) {
                sum = sum.plus(window.histogram(i));
            }
            result.set(step, sum);
        } catch (IncompatibleHistogramsException e) {
            arguments.warnOfIncompatible(e, window.metricName());
        }
    }

    private static void averageOfHistograms(RangeArguments arguments, Window window, int step, Column result) {
        try {
            FloatHistogram mean = window.histogram(0);
            for (int i = 1; i < window.histogramSize(); i++) {
                double count = i + 1.0;
                mean = mean.plus(window.histogram(i).dividedBy(count).minus(mean.dividedBy(count)));
            }
            result.set(step, mean);
        } catch (IncompatibleHistogramsException e) {
            arguments.warnOfIncompatible(e, window.metricName());
        }
    }

    private static double[] copy(Window window) {
        return Arrays.copyOfRange(window.floats(), window.floatFrom(), window.floatTo());
    }
}
