package dev.weir.aggregation.scrape;

import dev.weir.aggregation.group.SeriesKind;
import dev.weir.aggregation.release.BucketLayout;
import dev.weir.series.Labels;
import org.jspecify.annotations.Nullable;

/** The output that a target's cumulative series adds to; layout null for a counter. */
record OutputSeries(
        SeriesKind kind, Labels labels, @Nullable BucketLayout layout) {}
