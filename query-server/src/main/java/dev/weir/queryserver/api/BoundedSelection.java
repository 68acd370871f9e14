package dev.weir.queryserver.api;

import dev.weir.promql.storage.Queryable;
import dev.weir.promql.storage.StoredSeries;
import dev.weir.promql.value.PromQlException;
import dev.weir.series.LabelMatcher;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** What one query may select: each series counts for each selector that takes it. Thread-safe if what it wraps is. */
final class BoundedSelection implements Queryable {
    private final Queryable all;
    private final int maxSeries;
    private final AtomicLong selected = new AtomicLong();

    BoundedSelection(Queryable all, int maxSeries) {
        this.all = all;
        this.maxSeries = maxSeries;
    }

    /** @throws PromQlException of kind {@code EXECUTION} if that makes more than {@code maxSeries} series of the query */
    @Override
    public List<StoredSeries> select(List<LabelMatcher> matchers, long minTimestampMs, long maxTimestampMs) {
        List<StoredSeries> series = all.select(matchers, minTimestampMs, maxTimestampMs);
        long count = selected.addAndGet(series.size());
        if (count > maxSeries) {
            throw PromQlException.execution(
                    "query selects " + count + " series or more (expected: at most maxSeries = " + maxSeries + ")");
        }
        return series;
    }
}
