package dev.weir.queryserver.store;

import java.util.List;
import java.util.function.ToIntFunction;

/**
 * One write request: stored whole or not at all.
 *
 * @param maxSeriesOfProject how many series each project may have; 0 for as many as the store takes
 */
public record WriteBatch(
        List<SeriesSamples> series, List<MetricMetadata> metadata, ToIntFunction<String> maxSeriesOfProject) {
    public WriteBatch {
        series = List.copyOf(series);
        metadata = List.copyOf(metadata);
    }

    /** One that only the store's own limits bound. */
    public WriteBatch(List<SeriesSamples> series, List<MetricMetadata> metadata) {
        this(series, metadata, project -> 0);
    }

    public WriteBatch withMaxSeriesOfProject(ToIntFunction<String> newMaxSeriesOfProject) {
        return new WriteBatch(series, metadata, newMaxSeriesOfProject);
    }
}
