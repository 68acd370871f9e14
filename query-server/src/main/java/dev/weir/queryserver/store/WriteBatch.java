package dev.weir.queryserver.store;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * One write request: stored whole or not at all. The samples of all series lie in one list, so that a request of thousands of
 * series is a few arrays.
 */
public final class WriteBatch {
    /** As the writer named them; as the store has them, once it has looked them up. */
    private final List<SeriesReference> series;

    /** Where the samples of each series end, and those of the next begin. */
    private final int[] ends;

    private final long @Nullable [] createdMs;
    private final SampleList samples;
    private final List<MetricMetadata> metadata;
    private final ToIntFunction<String> maxSeriesOfProject;

    private WriteBatch(
            List<SeriesReference> series,
            int[] ends,
            long @Nullable [] createdMs,
            SampleList samples,
            List<MetricMetadata> metadata,
            ToIntFunction<String> maxSeriesOfProject) {
        this.series = series;
        this.ends = ends;
        this.createdMs = createdMs;
        this.samples = samples;
        this.metadata = metadata;
        this.maxSeriesOfProject = maxSeriesOfProject;
    }

    /** One that only the store's own limits bound. */
    public static WriteBatch of(List<SeriesSamples> series, List<MetricMetadata> metadata) {
        Builder builder = new Builder();
        for (SeriesSamples one : series) {
            for (int i = 0; i < one.samples().size(); i++) {
                builder.samples()
                        .add(
                                one.samples().timestampMs(i),
                                one.samples().value(i),
                                one.samples().histogram(i));
            }
            builder.endSeries(SeriesReference.of(one.project(), one.labels()), 0);
        }
        return builder.build(metadata);
    }

    /** Collects series after series. */
    public static final class Builder {
        private final List<SeriesReference> series = new ArrayList<>();
        private final SampleList samples = new SampleList();
        private int[] ends = new int[16];
        private long @Nullable [] createdMs;

        /** Where the samples of the next series are to be added, ascending in time. */
        public SampleList samples() {
            return samples;
        }

        public int seriesCount() {
            return series.size();
        }

        /**
         * Takes the samples added since the last call for those of this series.
         *
         * @param seriesCreatedMs when the counter or histogram began at zero, 0 if unknown. If that is after everything stored
         *     and before these samples, a zero is stored at that time, so that the first sample counts as an increase
         */
        public void endSeries(SeriesReference ended, long seriesCreatedMs) {
            int index = series.size();
            if (index == ends.length) {
                ends = Arrays.copyOf(ends, 2 * index);
            }
            if (seriesCreatedMs != 0) {
                long[] all = createdMs == null ? new long[ends.length] : createdMs;
                createdMs = all.length == ends.length ? all : Arrays.copyOf(all, ends.length);
                createdMs[index] = seriesCreatedMs;
            }
            ends[index] = samples.size();
            series.add(ended);
        }

        /** The request; the builder is of no more use. It is bounded by the store's own limits alone. */
        public WriteBatch build(List<MetricMetadata> metadata) {
            return new WriteBatch(series, ends, createdMs, samples, List.copyOf(metadata), project -> 0);
        }
    }

    /** The same, of whose projects none may have more series than this says; 0 for as many as the store takes. */
    public WriteBatch withMaxSeriesOfProject(ToIntFunction<String> newMaxSeriesOfProject) {
        return new WriteBatch(series, ends, createdMs, samples, metadata, newMaxSeriesOfProject);
    }

    public int seriesCount() {
        return series.size();
    }

    /** A series of the request. Once the request is stored: the series as the store has it, if it has samples here. */
    public SeriesReference series(int index) {
        return series.get(index);
    }

    /** Where the samples of a series begin in {@link #samples}. */
    public int from(int index) {
        return index == 0 ? 0 : ends[index - 1];
    }

    /** Where the samples of a series end in {@link #samples}, exclusive. */
    public int to(int index) {
        return ends[index];
    }

    /** The samples of all series, one series after another. */
    public SampleList samples() {
        return samples;
    }

    List<MetricMetadata> metadata() {
        return metadata;
    }

    long createdMs(int index) {
        return createdMs == null || index >= createdMs.length ? 0 : createdMs[index];
    }

    int maxSeriesOf(String project) {
        return maxSeriesOfProject.applyAsInt(project);
    }

    /** For the committing thread alone: what the store knows this series by. */
    void found(int index, MemorySeries stored) {
        series.set(index, stored);
    }
}
