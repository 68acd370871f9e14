package dev.weir.promql.function;

import dev.weir.promql.storage.SampleColumns;
import dev.weir.series.FloatHistogram;
import dev.weir.series.Labels;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The samples of one series within {@code (start, end]}, floats and histograms apart. Slides forward over the series'
 * columns, which are never copied unless both kinds are mixed.
 */
public final class Window {
    private static final FloatHistogram[] NONE = {};

    private Labels labels = Labels.EMPTY;
    private long[] floatTimesMs = {};
    private double[] floats = {};
    private int floatCount;
    private int floatFrom;
    private int floatTo;
    private long[] histogramTimesMs = {};
    private FloatHistogram[] histograms = NONE;
    private int histogramCount;
    private int histogramFrom;
    private int histogramTo;
    private long startMs;
    private long endMs;
    private long evaluationMs;

    /** Begins a new series. The samples must stay as they are while it lasts. */
    public void load(Labels newLabels, SampleColumns samples) {
        labels = newLabels;
        floatFrom = 0;
        floatTo = 0;
        histogramFrom = 0;
        histogramTo = 0;
        histogramCount = 0;
        if (!samples.hasHistograms()) {
            floatTimesMs = samples.timestampsMs();
            floats = samples.values();
            floatCount = samples.size();
        } else {
            split(samples);
        }
    }

    /** Moves on. Neither bound may lie before the last one. */
    public void moveTo(long newStartMs, long newEndMs, long newEvaluationMs) {
        startMs = newStartMs;
        endMs = newEndMs;
        evaluationMs = newEvaluationMs;
        while (floatTo < floatCount && floatTimesMs[floatTo] <= endMs) {
            floatTo++;
        }
        while (floatFrom < floatTo && floatTimesMs[floatFrom] <= startMs) {
            floatFrom++;
        }
        while (histogramTo < histogramCount && histogramTimesMs[histogramTo] <= endMs) {
            histogramTo++;
        }
        while (histogramFrom < histogramTo && histogramTimesMs[histogramFrom] <= startMs) {
            histogramFrom++;
        }
    }

    public boolean isEmpty() {
        return floatFrom == floatTo && histogramFrom == histogramTo;
    }

    /** How many samples there are. */
    public int size() {
        return floatSize() + histogramSize();
    }

    public String metricName() {
        return labels.metricName();
    }

    int floatSize() {
        return floatTo - floatFrom;
    }

    /** The position of the first float in {@link #floats()}. */
    int floatFrom() {
        return floatFrom;
    }

    /** The position after the last float in {@link #floats()}. */
    int floatTo() {
        return floatTo;
    }

    /** How many floats the whole series has. */
    int seriesFloatCount() {
        return floatCount;
    }

    boolean seriesHasHistograms() {
        return histogramCount > 0;
    }

    long[] floatTimesMs() {
        return floatTimesMs;
    }

    /** The floats of the whole series. */
    double[] floats() {
        return floats;
    }

    double value(int index) {
        return floats[floatFrom + index];
    }

    long timeMs(int index) {
        return floatTimesMs[floatFrom + index];
    }

    int histogramSize() {
        return histogramTo - histogramFrom;
    }

    FloatHistogram histogram(int index) {
        return histograms[histogramFrom + index];
    }

    long histogramTimeMs(int index) {
        return histogramTimesMs[histogramFrom + index];
    }

    /** Exclusive. */
    long startMs() {
        return startMs;
    }

    /** Inclusive. */
    long endMs() {
        return endMs;
    }

    long evaluationMs() {
        return evaluationMs;
    }

    private void split(SampleColumns samples) {
        int size = samples.size();
        floatTimesMs = new long[size];
        floats = new double[size];
        floatCount = 0;
        histogramTimesMs = new long[size];
        @Nullable FloatHistogram[] found = new @Nullable FloatHistogram[size];
        for (int i = 0; i < size; i++) {
            FloatHistogram histogram = samples.histogram(i);
            if (histogram != null) {
                histogramTimesMs[histogramCount] = samples.timestampMs(i);
                found[histogramCount++] = histogram;
            } else {
                floatTimesMs[floatCount] = samples.timestampMs(i);
                floats[floatCount++] = samples.value(i);
            }
        }
        histograms = Arrays.copyOf(found, histogramCount, FloatHistogram[].class);
    }
}
