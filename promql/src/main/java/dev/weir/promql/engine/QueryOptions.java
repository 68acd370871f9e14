package dev.weir.promql.engine;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What is particular to one query.
 *
 * @param lookbackDelta instead of the engine's, if set
 * @param timeout instead of the engine's, if set and shorter
 * @param evaluationTime at which time, in ms, the step of a given time is evaluated; never descending. Results are
 *     reported under the step's own time. Applies to the steps of the query itself and to {@code @ start()} and
 *     {@code @ end()}; offsets and subqueries count from the evaluated time
 * @param isCanceled asked now and then while the query runs
 */
public record QueryOptions(
        @Nullable Duration lookbackDelta,
        @Nullable Duration timeout,
        LongUnaryOperator evaluationTime,
        BooleanSupplier isCanceled) {
    public static final QueryOptions DEFAULT = new QueryOptions(null, null, LongUnaryOperator.identity(), () -> false);

    public QueryOptions withLookbackDelta(Duration changed) {
        return new QueryOptions(changed, timeout, evaluationTime, isCanceled);
    }

    public QueryOptions withTimeout(Duration changed) {
        return new QueryOptions(lookbackDelta, changed, evaluationTime, isCanceled);
    }

    public QueryOptions withEvaluationTime(LongUnaryOperator changed) {
        return new QueryOptions(lookbackDelta, timeout, changed, isCanceled);
    }

    public QueryOptions withCancellation(BooleanSupplier changed) {
        return new QueryOptions(lookbackDelta, timeout, evaluationTime, changed);
    }
}
