package dev.weir.exposition;

import dev.weir.series.Labels;
import org.jspecify.annotations.Nullable;

/** The sample line just read, and where its parts stand. Reused from line to line. */
final class SampleLine implements LineListener.Line {
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
    int valueEnd;
    int timestampAt;
    int timestampEnd;
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

    @Override
    public double value() {
        return value;
    }

    @Override
    public int valueAt() {
        return valueAt;
    }

    @Override
    public int valueEnd() {
        return valueEnd;
    }

    @Override
    public long timestampMs() {
        return timestampMs;
    }

    @Override
    public int timestampAt() {
        return timestampAt;
    }

    @Override
    public int timestampEnd() {
        return timestampEnd;
    }

    Sample toSample() {
        return new Sample(name, labels, value, timestampMs, exemplar);
    }
}
