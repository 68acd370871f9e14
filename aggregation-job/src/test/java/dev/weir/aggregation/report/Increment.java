package dev.weir.aggregation.report;

import dev.weir.aggregation.release.BucketLayout;
import dev.weir.series.Labels;
import org.jspecify.annotations.Nullable;

/**
 * What one cumulative output series gains from one scrape; zeros only tell that it is alive.
 *
 * @param layout null for a counter
 * @param amounts one, or one per single bucket
 * @param sumAmount NaN if there is no sum
 * @param tookMs how long it took
 */
@SuppressWarnings("ArrayRecordComponent") // Written in tests, never compared.
public record Increment(
        SeriesKind kind,
        Labels labels,
        @Nullable BucketLayout layout,
        double[] amounts,
        double sumAmount,
        long tookMs) {}
