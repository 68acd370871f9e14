package dev.weir.exposition;

import dev.weir.series.Labels;
import org.jspecify.annotations.Nullable;

/** The sample line just read, and where its parts stand. Reused from line to line. */
final class SampleLine {
    String name = "";
    Labels labels = Labels.EMPTY;
    double value;
    long timestampMs = Sample.NO_TIMESTAMP;
    /** More precise than {@link #timestampMs}; NaN if there is none. */
    double timestampSeconds = Double.NaN;

    @Nullable
    Exemplar exemplar;

    int nameAt;
    int labelsAt;
    int valueAt;
    int timestampAt;
    int exemplarAt;

    void clear() {
        name = "";
        labels = Labels.EMPTY;
        timestampMs = Sample.NO_TIMESTAMP;
        timestampSeconds = Double.NaN;
        exemplar = null;
    }

    boolean hasTimestamp() {
        return timestampMs != Sample.NO_TIMESTAMP;
    }

    Sample toSample() {
        return new Sample(name, labels, value, timestampMs, exemplar);
    }
}
