package dev.weir.promql.function;

import dev.weir.promql.column.Column;
import dev.weir.promql.value.PromQlException;
import java.math.BigDecimal;
import java.util.Locale;

/** Functions that see a trend in the floats of a window: linear regression and exponential smoothing. */
final class Trend {
    private static final double MAX_EXACT = 0x1p53;

    private Trend() {}

    static RangeFunction derivative(RangeArguments arguments) {
        Regression regression = new Regression();
        return onSeveralFloats(arguments, (window, step) -> {
            regression.fit(window, window.timeMs(0));
            return regression.slope;
        });
    }

    static RangeFunction prediction(RangeArguments arguments) {
        Regression regression = new Regression();
        return onSeveralFloats(arguments, (window, step) -> {
            regression.fit(window, window.evaluationMs());
            return regression.slope * arguments.parameter(0, step) + regression.intercept;
        });
    }

    /** Holt's double exponential smoothing. */
    static RangeFunction smoothing(RangeArguments arguments) {
        RangeFunction function = onSeveralFloats(arguments, (window, step) -> {
            double smoothing = arguments.parameter(0, step);
            double trendFactor = arguments.parameter(1, step);
            double before = 0;
            double smoothed = window.value(0);
            double trend = window.value(1) - window.value(0);
            for (int i = 1; i < window.floatSize(); i++) {
                if (i > 1) {
                    trend = trendFactor * (smoothed - before) + (1 - trendFactor) * trend;
                }
                before = smoothed;
                smoothed = smoothing * window.value(i) + (1 - smoothing) * (before + trend);
            }
            return smoothed;
        });
        return (window, step, result) -> {
            requireFraction("smoothing factor. Expected: 0 < sf < 1", arguments.parameter(0, step));
            requireFraction("trend factor. Expected: 0 < tf < 1", arguments.parameter(1, step));
            function.apply(window, step, result);
        };
    }

    private static void requireFraction(String expectation, double factor) {
        if (factor <= 0 || factor >= 1) {
            throw PromQlException.execution("invalid " + expectation + ", got: " + sixDecimals(factor));
        }
    }

    private static String sixDecimals(double value) {
        if (Double.isInfinite(value)) {
            return value > 0 ? "+Inf" : "-Inf";
        }
        // Java's own format has zeros after 17 digits.
        return Math.abs(value) < MAX_EXACT
                ? String.format(Locale.ROOT, "%f", value)
                : new BigDecimal(value).toPlainString() + ".000000";
    }

    private static RangeFunction onSeveralFloats(RangeArguments arguments, OverTime.FloatsFunction function) {
        return (Window window, int step, Column result) -> {
            if (window.floatSize() == 0) {
                return;
            }
            if (window.histogramSize() > 0) {
                arguments.informOfIgnoredHistograms(arguments.span(), window.metricName());
            }
            if (window.floatSize() > 1) {
                arguments.context().work(window.floatSize());
                result.set(step, function.apply(window, step));
            }
        };
    }

    /** Least squares over the floats of a window, with compensated sums. */
    private static final class Regression {
        private final Kahan x = new Kahan();
        private final Kahan y = new Kahan();
        private final Kahan xy = new Kahan();
        private final Kahan xx = new Kahan();
        private double slope;
        /** The fitted value at the time of interception. */
        private double intercept;

        void fit(Window window, long interceptMs) {
            x.reset();
            y.reset();
            xy.reset();
            xx.reset();
            double first = window.value(0);
            boolean isConstant = true;
            int n = window.floatSize();
            for (int i = 0; i < n; i++) {
                double value = window.value(i);
                isConstant &= i == 0 || value == first;
                double seconds = (window.timeMs(i) - interceptMs) / 1e3;
                x.add(seconds);
                y.add(value);
                xy.add(seconds * value);
                xx.add(seconds * seconds);
            }
            if (isConstant) {
                slope = Double.isInfinite(first) ? Double.NaN : 0;
                intercept = Double.isInfinite(first) ? Double.NaN : first;
                return;
            }
            double covariance = xy.total() - x.total() * y.total() / n;
            double variance = xx.total() - x.total() * x.total() / n;
            slope = covariance / variance;
            intercept = y.total() / n - slope * x.total() / n;
        }
    }
}
