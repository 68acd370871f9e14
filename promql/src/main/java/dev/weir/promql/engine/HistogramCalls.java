package dev.weir.promql.engine;

import dev.weir.promql.ast.Call;
import dev.weir.promql.ast.Expr;
import dev.weir.promql.ast.GoText;
import dev.weir.promql.ast.Span;
import dev.weir.promql.column.Column;
import dev.weir.promql.column.QueryContext;
import dev.weir.promql.column.SeriesMerger;
import dev.weir.promql.column.SeriesStream;
import dev.weir.promql.column.StepSeries;
import dev.weir.promql.column.Steps;
import dev.weir.promql.function.ClassicHistogram;
import dev.weir.promql.function.NativeHistograms;
import dev.weir.promql.function.NativeHistograms.Estimate;
import dev.weir.series.FloatHistogram;
import dev.weir.series.Labels;
import dev.weir.series.StaleMarker;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** The histogram functions. Quantile and fraction take native histograms, and classic ones by their buckets. */
final class HistogramCalls {
    private static final String BUCKET_LABEL = "le";

    private final Evaluator evaluator;
    private final QueryContext context;

    HistogramCalls(Evaluator evaluator, QueryContext context) {
        this.evaluator = evaluator;
        this.context = context;
    }

    /** A function of every native histogram; floats are left out. */
    SeriesStream each(Call call, Steps steps, ToDoubleFunction<FloatHistogram> function) {
        SeriesStream stream = evaluator.vector(argument(call, 0), steps);
        SeriesStream mapped = () -> {
            for (StepSeries series = stream.next(); series != null; series = stream.next()) {
                Column column = series.column();
                boolean any = false;
                for (int i = 0; i < column.size(); i++) {
                    FloatHistogram histogram = column.histogram(i);
                    if (histogram != null) {
                        column.set(i, function.applyAsDouble(histogram));
                        any = true;
                    } else {
                        column.remove(i);
                    }
                }
                if (any) {
                    return context.withoutName(series, column);
                }
                context.recycle(column);
            }
            return null;
        };
        return NameDropping.merging(mapped, false, context);
    }

    SeriesStream quantile(Call call, Steps steps) {
        double[] quantiles = evaluator.scalar(argument(call, 0), steps);
        Span quantileSpan = evaluator.span(call, 0);
        Span histogramSpan = evaluator.span(call, 1);
        for (double q : quantiles) {
            if (!(q >= 0 && q <= 1)) {
                context.warn(quantileSpan, "quantile value should be between 0 and 1, got " + GoText.general(q));
            }
        }
        return evaluate(call, 1, steps, new Estimator() {
            @Override
            public double ofNative(FloatHistogram histogram, int step, String metricName) {
                Estimate estimate = NativeHistograms.quantile(quantiles[step], histogram);
                annotate(estimate, metricName, quantileSpan);
                return estimate.value();
            }

            @Override
            public double ofClassic(ClassicHistogram histogram, int step, String metricName) {
                double value = histogram.quantile(quantiles[step]);
                if (histogram.wasForced()) {
                    context.inform(
                            histogramSpan,
                            "input to histogram_quantile needed to be fixed for monotonicity (see "
                                    + "https://prometheus.io/docs/prometheus/latest/querying/functions/"
                                    + "#histogram_quantile) for metric name " + GoText.quote(metricName));
                }
                return value;
            }
        });
    }

    SeriesStream fraction(Call call, Steps steps) {
        double[] lower = evaluator.scalar(argument(call, 0), steps);
        double[] upper = evaluator.scalar(argument(call, 1), steps);
        Span span = evaluator.span(call, 0);
        return evaluate(call, 2, steps, new Estimator() {
            @Override
            public double ofNative(FloatHistogram histogram, int step, String metricName) {
                Estimate estimate = NativeHistograms.fraction(lower[step], upper[step], histogram);
                annotate(estimate, metricName, span);
                return estimate.value();
            }

            @Override
            public double ofClassic(ClassicHistogram histogram, int step, String metricName) {
                return histogram.fraction(lower[step], upper[step]);
            }
        });
    }

    private void annotate(Estimate estimate, String metricName, Span span) {
        String name = " for metric name " + GoText.quote(metricName);
        switch (estimate.nanEffect()) {
            case RESULT_IS_NAN ->
                context.inform(span, "input to histogram_quantile has NaN observations, result is NaN" + name);
            case SKEWED_HIGHER ->
                context.inform(
                        span, "input to histogram_quantile has NaN observations, result is skewed higher" + name);
            case EXCLUDED ->
                context.inform(
                        span,
                        "input to histogram_fraction has NaN observations, which are excluded from all fractions"
                                + name);
            case NONE -> {
                // Nothing to say.
            }
        }
    }

    private SeriesStream evaluate(Call call, int index, Steps steps, Estimator estimator) {
        Span span = evaluator.span(call, index);
        Map<Labels, Group> groups = new LinkedHashMap<>();
        long held = 0;
        SeriesStream stream = evaluator.vector(argument(call, index), steps);
        for (StepSeries series = stream.next(); series != null; series = stream.next()) {
            context.hold(series);
            held += series.sizeInSamples();
            collect(groups, series, span);
        }
        SeriesMerger results = new SeriesMerger(context);
        ClassicHistogram classic = new ClassicHistogram();
        groups.forEach((labels, group) -> {
            Column column = group.estimate(labels, classic, estimator, span);
            if (!column.isEmpty()) {
                results.add(context.withoutName(labels, column));
            }
        });
        context.release(held);
        return results.stream();
    }

    private void collect(Map<Labels, Group> groups, StepSeries series, Span span) {
        Column column = series.column();
        Labels labels = series.labels();
        boolean hasFloats = false;
        boolean hasHistograms = false;
        for (int i = 0; i < column.size(); i++) {
            hasFloats |= column.hasFloat(i);
            hasHistograms |= column.histogram(i) != null;
        }
        if (hasHistograms) {
            groups.computeIfAbsent(labels, key -> new Group(column.size())).natives = column;
        }
        if (!hasFloats) {
            return;
        }
        try {
            double bound = ClassicHistogram.bound(labels.getOrEmpty(BUCKET_LABEL));
            groups.computeIfAbsent(labels.without(List.of(BUCKET_LABEL)), key -> new Group(column.size()))
                    .buckets
                    .add(new Bucket(bound, column));
        } catch (NumberFormatException e) {
            context.warn(
                    span,
                    "bucket label \"le\" is missing or has a malformed value of "
                            + GoText.quote(labels.getOrEmpty(BUCKET_LABEL)) + " for metric name "
                            + GoText.quote(labels.metricName()));
        }
    }

    private static Expr argument(Call call, int index) {
        return call.arguments().get(index).unwrapped();
    }

    /** What is computed from a histogram of either kind. */
    private interface Estimator {
        double ofNative(FloatHistogram histogram, int step, String metricName);

        double ofClassic(ClassicHistogram histogram, int step, String metricName);
    }

    private record Bucket(double bound, Column counts) {}

    /** The native histogram and the classic buckets of one set of labels. */
    private final class Group {
        private final int steps;
        private final List<Bucket> buckets = new ArrayList<>();
        private @Nullable Column natives;

        Group(int steps) {
            this.steps = steps;
        }

        Column estimate(Labels labels, ClassicHistogram classic, Estimator estimator, Span span) {
            buckets.sort(Comparator.comparingDouble(Bucket::bound));
            double[] bounds = new double[buckets.size()];
            double[][] counts = new double[buckets.size()][];
            Arrays.setAll(bounds, i -> buckets.get(i).bound());
            Arrays.setAll(counts, i -> buckets.get(i).counts().values());
            Column result = context.newColumn(steps);
            context.work((long) steps * (bounds.length + 1));
            String classicName = labels.metricName();
            for (int i = 0; i < steps; i++) {
                classic.clear();
                for (int b = 0; b < bounds.length; b++) {
                    if (!StaleMarker.isStale(counts[b][i])) {
                        classic.add(bounds[b], counts[b][i]);
                    }
                }
                FloatHistogram histogram = natives == null ? null : natives.histogram(i);
                if (histogram == null) {
                    if (!classic.isEmpty()) {
                        result.set(i, estimator.ofClassic(classic, i, classicName));
                        // Prometheus has dropped it once the first step is over.
                        classicName = context.delaysNameRemoval() ? classicName : "";
                    }
                } else if (classic.isEmpty()) {
                    result.set(i, estimator.ofNative(histogram, i, labels.metricName()));
                } else {
                    context.warn(
                            span,
                            "vector contains a mix of classic and native histograms for metric name "
                                    + GoText.quote(labels.metricName()));
                }
            }
            return result;
        }
    }
}
