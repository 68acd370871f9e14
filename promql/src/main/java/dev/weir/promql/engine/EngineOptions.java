package dev.weir.promql.engine;

import dev.weir.promql.parser.ParserOptions;
import java.time.Duration;

/**
 * How an engine evaluates, and what a query may cost.
 *
 * @param lookbackDelta how old the newest sample of a series may be (exclusive) for an instant selector to take it
 * @param defaultSubqueryStep the step of subqueries that name none
 * @param maxSamples what a query may hold in memory at once, in samples of 16 bytes; labels and buckets count too
 * @param maxPoints steps of a range query, less one
 * @param maxSubquerySteps steps of one subquery
 * @param timeout how long a query may run
 * @param delayedNameRemoval whether metric names are dropped in the end only, so that functions still see them
 * @param parser what queries may say, how long and how deep they may be
 */
public record EngineOptions(
        Duration lookbackDelta,
        Duration defaultSubqueryStep,
        long maxSamples,
        int maxPoints,
        int maxSubquerySteps,
        Duration timeout,
        boolean delayedNameRemoval,
        ParserOptions parser) {
    public static final EngineOptions DEFAULT = new EngineOptions(
            Duration.ofMinutes(5),
            Duration.ofMinutes(1),
            50_000_000,
            11_000,
            1_000_000,
            Duration.ofMinutes(2),
            false,
            ParserOptions.DEFAULT);

    public EngineOptions {
        requirePositive("lookback delta", lookbackDelta);
        requirePositive("default subquery step", defaultSubqueryStep);
        requirePositive("timeout", timeout);
        if (maxSamples <= 0 || maxPoints <= 0 || maxSubquerySteps <= 0) {
            throw new IllegalArgumentException("max samples " + maxSamples + ", max points " + maxPoints
                    + ", max subquery steps " + maxSubquerySteps + " (expected: > 0)");
        }
    }

    public EngineOptions withLookbackDelta(Duration changed) {
        return new EngineOptions(
                changed,
                defaultSubqueryStep,
                maxSamples,
                maxPoints,
                maxSubquerySteps,
                timeout,
                delayedNameRemoval,
                parser);
    }

    public EngineOptions withTimeout(Duration changed) {
        return new EngineOptions(
                lookbackDelta,
                defaultSubqueryStep,
                maxSamples,
                maxPoints,
                maxSubquerySteps,
                changed,
                delayedNameRemoval,
                parser);
    }

    public EngineOptions withMaxSamples(long changed) {
        return new EngineOptions(
                lookbackDelta,
                defaultSubqueryStep,
                changed,
                maxPoints,
                maxSubquerySteps,
                timeout,
                delayedNameRemoval,
                parser);
    }

    public EngineOptions withDelayedNameRemoval(boolean changed) {
        return new EngineOptions(
                lookbackDelta, defaultSubqueryStep, maxSamples, maxPoints, maxSubquerySteps, timeout, changed, parser);
    }

    private static void requirePositive(String name, Duration duration) {
        if (duration.isZero() || duration.isNegative()) {
            throw new IllegalArgumentException(name + ": " + duration + " (expected: > 0)");
        }
    }
}
