package dev.weir.promql.engine;

import dev.weir.promql.ast.Expr;
import dev.weir.promql.ast.ValueType;
import dev.weir.promql.column.Annotations;
import dev.weir.promql.column.QueryContext;
import dev.weir.promql.column.Steps;
import dev.weir.promql.parser.Parser;
import dev.weir.promql.parser.PromQlParseException;
import dev.weir.promql.storage.Queryable;
import dev.weir.promql.value.PromQlException;
import dev.weir.promql.value.QueryResult;
import dev.weir.promql.value.Value;
import java.time.Duration;
import java.util.Locale;

/**
 * Evaluates PromQL as Prometheus 3.5 does. Every query runs on its caller's thread, within the limits of
 * {@link EngineOptions}. Safe for use by several threads.
 */
public final class PromQlEngine {
    private final EngineOptions options;

    public PromQlEngine(EngineOptions options) {
        this.options = options;
    }

    public EngineOptions options() {
        return options;
    }

    /** @throws PromQlException of kind {@code BAD_DATA} if the query is no PromQL, or too long or too deep */
    public Expr parse(String query) {
        try {
            return Parser.parse(query, options.parser());
        } catch (PromQlParseException e) {
            throw new PromQlException(PromQlException.Kind.BAD_DATA, String.valueOf(e.getMessage()));
        }
    }

    /** The value at one time. @throws PromQlException if there is none */
    public QueryResult instant(Queryable queryable, String query, long timeMs, QueryOptions queryOptions) {
        Expr expr = parse(query);
        long evaluatedMs = queryOptions.evaluationTime().applyAsLong(timeMs);
        QueryContext context = context(queryOptions, new Annotations(query));
        Annotations annotations = context.annotations();
        Evaluator evaluator =
                evaluator(queryable, queryOptions, context, new Evaluator.Bounds(evaluatedMs, evaluatedMs), expr);
        ResultBuilder results = new ResultBuilder(evaluator, context);
        Value value = results.instant(expr, Steps.at(evaluatedMs), timeMs);
        return new QueryResult(value, annotations.warnings(), annotations.infos(), context.statistics());
    }

    /**
     * The values at {@code startMs}, {@code startMs + stepMs}, ... up to {@code endMs} inclusive, always a matrix.
     *
     * @throws PromQlException of kind {@code BAD_DATA} if the step is not positive, the end lies before the start, there
     *     are too many points, or the query's value is a string or a range vector; of another kind if evaluation fails
     */
    public QueryResult range(
            Queryable queryable, String query, long startMs, long endMs, long stepMs, QueryOptions queryOptions) {
        int count = countSteps(startMs, endMs, stepMs);
        Expr expr = parse(query);
        if (expr.type() != ValueType.SCALAR && expr.type() != ValueType.VECTOR) {
            throw badData("invalid expression type \"" + expr.type().documentedName()
                    + "\" for range query, must be Scalar or instant Vector");
        }
        QueryContext context = context(queryOptions, new Annotations(query));
        Annotations annotations = context.annotations();
        Steps reported = Steps.every(startMs, stepMs, count);
        Steps evaluated = evaluatedSteps(reported, queryOptions);
        Evaluator.Bounds bounds = new Evaluator.Bounds(
                queryOptions.evaluationTime().applyAsLong(startMs),
                queryOptions.evaluationTime().applyAsLong(endMs));
        ResultBuilder results = new ResultBuilder(evaluator(queryable, queryOptions, context, bounds, expr), context);
        Value value = results.range(expr, evaluated, reported);
        return new QueryResult(value, annotations.warnings(), annotations.infos(), context.statistics());
    }

    private int countSteps(long startMs, long endMs, long stepMs) {
        if (stepMs <= 0) {
            throw badData("step: " + stepMs + "ms (expected: > 0ms)");
        }
        if (endMs < startMs) {
            throw badData("end timestamp must not be before start time");
        }
        long spanMs = endMs - startMs;
        // Negative if the span is longer than a long can say.
        long intervals = spanMs / stepMs;
        if (spanMs < 0 || intervals > options.maxPoints()) {
            throw badData(String.format(
                    Locale.ROOT,
                    "exceeded maximum resolution of %,d points per timeseries."
                            + " Try decreasing the query resolution (?step=XX)",
                    options.maxPoints()));
        }
        return (int) intervals + 1;
    }

    private static Steps evaluatedSteps(Steps reported, QueryOptions queryOptions) {
        long[] timesMs = new long[reported.count()];
        boolean isIdentity = true;
        for (int i = 0; i < timesMs.length; i++) {
            timesMs[i] = queryOptions.evaluationTime().applyAsLong(reported.timeMs(i));
            isIdentity &= timesMs[i] == reported.timeMs(i);
            if (i > 0 && timesMs[i] < timesMs[i - 1]) {
                throw new IllegalArgumentException("evaluation time: " + timesMs[i] + " after " + timesMs[i - 1]
                        + " (expected: never descending)");
            }
        }
        return isIdentity ? reported : Steps.of(timesMs);
    }

    private QueryContext context(QueryOptions queryOptions, Annotations annotations) {
        Duration timeout = options.timeout();
        Duration own = queryOptions.timeout();
        if (own != null && own.compareTo(timeout) < 0) {
            timeout = own;
        }
        QueryContext.Limits limits = new QueryContext.Limits(
                options.maxSamples(),
                System.nanoTime() + timeout.toNanos(),
                timeout.toMillis() + "ms",
                queryOptions.isCanceled(),
                options.delayedNameRemoval());
        return new QueryContext(limits, annotations);
    }

    private Evaluator evaluator(
            Queryable queryable, QueryOptions queryOptions, QueryContext context, Evaluator.Bounds bounds, Expr query) {
        Duration lookback = queryOptions.lookbackDelta();
        return new Evaluator(
                queryable,
                lookback == null || lookback.isZero() ? options : options.withLookbackDelta(lookback),
                context,
                bounds,
                query);
    }

    private static PromQlException badData(String message) {
        return new PromQlException(PromQlException.Kind.BAD_DATA, message);
    }
}
