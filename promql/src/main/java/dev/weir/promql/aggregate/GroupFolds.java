package dev.weir.promql.aggregate;

import dev.weir.promql.ast.AggregateOperator;
import dev.weir.promql.ast.Span;
import dev.weir.promql.column.QueryContext;

/** Makes folds. */
public final class GroupFolds {
    private GroupFolds() {}

    /** At most, of a fold that keeps nothing of its series: in samples, for each step. */
    private static final int SAMPLES_PER_STEP = 3;

    /**
     * A fold for one group, which counts as held in memory in {@link #sizeInSamples}.
     *
     * @param span where the aggregated expression stands, for annotations
     * @param parameters the parameter at every step, empty if the operator has none
     */
    public static GroupFold create(
            AggregateOperator operator, int steps, double[] parameters, Span span, QueryContext context) {
        context.hold(sizeInSamples(steps));
        return switch (operator) {
            case SUM -> new SumFold(steps, span, context);
            case AVG -> new AverageFold(steps, span, context);
            case COUNT -> new CountFold(steps, false);
            case GROUP -> new CountFold(steps, true);
            case MIN -> new ExtremumFold(steps, false, span, context);
            case MAX -> new ExtremumFold(steps, true, span, context);
            case STDDEV -> new VarianceFold(steps, true, span, context);
            case STDVAR -> new VarianceFold(steps, false, span, context);
            case QUANTILE -> new QuantileFold(steps, parameters, span, context);
            default -> throw new IllegalStateException(operator + " is no fold");
        };
    }

    /** What a fold counts as. */
    public static long sizeInSamples(int steps) {
        return (long) SAMPLES_PER_STEP * steps;
    }
}
