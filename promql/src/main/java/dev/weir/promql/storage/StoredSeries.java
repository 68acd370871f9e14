package dev.weir.promql.storage;

import dev.weir.series.Labels;

/**
 * One series of a store. Different series of one selection may be read by different threads at once, and one of them
 * shortly after a query has failed.
 */
public interface StoredSeries {
    Labels labels();

    /**
     * Appends the samples with {@code minTimestampMs <= t <= maxTimestampMs} to {@code into}, ascending in time, stale
     * markers included.
     */
    void read(long minTimestampMs, long maxTimestampMs, SampleColumns into);
}
