package dev.weir.promql.function;

import dev.weir.promql.ast.GoText;
import dev.weir.promql.ast.Span;
import dev.weir.promql.column.QueryContext;
import dev.weir.series.IncompatibleHistogramsException;
import java.util.List;

/**
 * What a range function is called with besides the window.
 *
 * @param span where the range vector stands, for annotations
 * @param parameters each scalar argument's value at every step
 * @param firstSpan where the first argument stands
 */
public record RangeArguments(Span span, List<double[]> parameters, Span firstSpan, QueryContext context) {
    double parameter(int index, int step) {
        return parameters.get(index)[step];
    }

    void warnOfMix(String metricName) {
        context.warn(span, "encountered a mix of histograms and floats for metric name " + GoText.quote(metricName));
    }

    void warnOfIncompatible(IncompatibleHistogramsException problem, String metricName) {
        if (problem.reason() == IncompatibleHistogramsException.Reason.SCHEMA) {
            context.warn(
                    span,
                    "vector contains a mix of histograms with exponential and custom buckets schemas for metric name "
                            + GoText.quote(metricName));
        } else {
            context.warn(
                    span,
                    "vector contains histograms with incompatible custom buckets for metric name "
                            + GoText.quote(metricName));
        }
    }

    /** {@code place} is where it is said to be. */
    void informOfIgnoredHistograms(Span place, String metricName) {
        context.inform(
                place,
                "ignored histograms in a range containing both floats and histograms for metric name "
                        + GoText.quote(metricName));
    }

    void warnNotCounter(String metricName) {
        context.warn(span, "this native histogram metric is not a counter: " + GoText.quote(metricName));
    }

    void warnNotGauge(String metricName) {
        context.warn(span, "this native histogram metric is not a gauge: " + GoText.quote(metricName));
    }
}
