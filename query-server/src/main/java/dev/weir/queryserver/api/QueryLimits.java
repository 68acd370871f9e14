package dev.weir.queryserver.api;

import java.time.Duration;

/**
 * What queries may cost.
 *
 * @param timeout how long one may wait and run
 * @param maxConcurrentQueries how many run at a time; more wait
 * @param maxSamples samples that one may hold in memory at once
 * @param maxSeries series that one may select, over all its selectors
 * @param maxPoints points of each series of a range query, less one
 * @param lookbackDelta how old a sample may be for an instant selector to take it
 */
public record QueryLimits(
        Duration timeout,
        int maxConcurrentQueries,
        long maxSamples,
        int maxSeries,
        int maxPoints,
        Duration lookbackDelta) {
    public static final QueryLimits DEFAULT =
            new QueryLimits(Duration.ofMinutes(2), 20, 50_000_000, 1_000_000, 11_000, Duration.ofMinutes(5));

    public QueryLimits {
        boolean isPositive = !timeout.isNegative()
                && !timeout.isZero()
                && Math.min(Math.min(maxConcurrentQueries, maxSamples), Math.min(maxSeries, maxPoints)) > 0;
        if (!isPositive || lookbackDelta.isNegative() || lookbackDelta.isZero()) {
            throw new IllegalArgumentException("query limits: timeout " + timeout + ", maxConcurrentQueries "
                    + maxConcurrentQueries + ", maxSamples " + maxSamples + ", maxSeries " + maxSeries + ", maxPoints "
                    + maxPoints
                    + ", lookbackDelta " + lookbackDelta
                    + " (expected: each > 0)");
        }
    }
}
