package dev.weir.queryserver.store;

import java.util.List;

/** One write request: stored whole or not at all. */
public record WriteBatch(List<SeriesSamples> series, List<MetricMetadata> metadata) {
    public WriteBatch {
        series = List.copyOf(series);
        metadata = List.copyOf(metadata);
    }
}
