package dev.weir.promql.storage;

import dev.weir.series.LabelMatcher;
import java.util.List;

/**
 * A readable set of series. Implementations give every call a consistent view: a write request is seen whole or not at
 * all. Safe for use by several threads.
 */
public interface Queryable {
    /**
     * The series that satisfy every matcher and may hold samples with {@code minTimestampMs <= t <= maxTimestampMs}, in
     * any order, each label set once.
     */
    List<StoredSeries> select(List<LabelMatcher> matchers, long minTimestampMs, long maxTimestampMs);
}
