package dev.weir.promql.aggregate;

import dev.weir.promql.ast.GoText;
import dev.weir.promql.ast.Span;
import dev.weir.promql.column.Column;
import dev.weir.promql.column.QueryContext;
import dev.weir.series.FloatHistogram;
import dev.weir.series.IncompatibleHistogramsException;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * The native histograms of a group at each step. Where a group has floats too, or histograms that do not combine, it has
 * no aggregate, but a warning.
 */
final class HistogramMix {
    private final int steps;
    private final Span span;
    private final QueryContext context;
    private final BitSet incompatible = new BitSet();
    private @Nullable FloatHistogram @Nullable [] histograms;

    HistogramMix(int steps, Span span, QueryContext context) {
        this.steps = steps;
        this.span = span;
        this.context = context;
    }

    @Nullable
    FloatHistogram histogram(int step) {
        return histograms == null ? null : histograms[step];
    }

    void set(int step, FloatHistogram histogram) {
        if (histograms == null) {
            histograms = new @Nullable FloatHistogram[steps];
        }
        FloatHistogram before = histograms[step];
        context.hold(histogram.sizeInSamples() - (before == null ? 0 : before.sizeInSamples()));
        histograms[step] = histogram;
    }

    boolean isIncompatible(int step) {
        return incompatible.get(step);
    }

    void setIncompatible(int step, IncompatibleHistogramsException problem, String metricName) {
        incompatible.set(step);
        context.warn(span, warning(problem, metricName));
    }

    /** Adds the histograms to a column that has the floats. */
    void finish(Column floats) {
        if (histograms == null) {
            return;
        }
        for (int i = 0; i < steps; i++) {
            FloatHistogram histogram = histograms[i];
            if (histogram == null) {
                continue;
            }
            context.release(histogram.sizeInSamples());
            if (floats.hasFloat(i)) {
                context.warn(span, "encountered a mix of histograms and floats for aggregation");
                floats.remove(i);
            } else if (!incompatible.get(i)) {
                floats.set(i, histogram.compacted());
            }
        }
    }

    static String warning(IncompatibleHistogramsException problem, String metricName) {
        String name = GoText.quote(metricName);
        return switch (problem.reason()) {
            case SCHEMA ->
                "vector contains a mix of histograms with exponential and custom buckets schemas for" + " metric name "
                        + name;
            case BOUNDS -> "vector contains histograms with incompatible custom buckets for metric name " + name;
        };
    }
}
