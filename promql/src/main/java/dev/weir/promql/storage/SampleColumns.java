package dev.weir.promql.storage;

import dev.weir.series.FloatHistogram;
import dev.weir.series.StaleMarker;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Samples of one series as growing columns, strictly ascending in time. A sample is a float or a native histogram.
 * Reused between series: {@link #clear} keeps the arrays.
 */
public final class SampleColumns {
    private static final int INITIAL_CAPACITY = 64;

    private long[] timestampsMs = new long[INITIAL_CAPACITY];
    private double[] values = new double[INITIAL_CAPACITY];
    private @Nullable FloatHistogram @Nullable [] histograms;
    private int size;

    public void add(long timestampMs, double value) {
        ensureCapacity();
        if (histograms != null) {
            histograms[size] = null;
        }
        timestampsMs[size] = timestampMs;
        values[size++] = value;
    }

    /** Adds a native histogram. Its stale marker is added as the float {@link StaleMarker#VALUE}. */
    public void add(long timestampMs, FloatHistogram histogram) {
        ensureCapacity();
        if (histograms == null) {
            histograms = new @Nullable FloatHistogram[values.length];
        }
        timestampsMs[size] = timestampMs;
        values[size] = 0;
        histograms[size++] = histogram;
    }

    public void clear() {
        size = 0;
        histograms = null;
    }

    public int size() {
        return size;
    }

    public long timestampMs(int index) {
        return timestampsMs[index];
    }

    /** The sample's value; 0 where it is a histogram. */
    public double value(int index) {
        return values[index];
    }

    /** The sample's histogram, null where it is a float. */
    public @Nullable FloatHistogram histogram(int index) {
        return histograms == null ? null : histograms[index];
    }

    /** Whether any sample is a histogram. */
    public boolean hasHistograms() {
        return histograms != null;
    }

    /** How many float samples take about as much memory. */
    public long sizeInSamples() {
        long total = size;
        for (int i = 0; histograms != null && i < size; i++) {
            FloatHistogram histogram = histograms[i];
            total += histogram == null ? 0 : histogram.sizeInSamples();
        }
        return total;
    }

    /** The column itself, valid up to {@link #size()} and until the next change; not to be written. */
    public long[] timestampsMs() {
        return timestampsMs;
    }

    /** The column itself, valid up to {@link #size()} and until the next change; not to be written. */
    public double[] values() {
        return values;
    }

    /** Removes the samples that {@link StaleMarker} marks. */
    public void removeStaleMarkers() {
        int kept = 0;
        for (int i = 0; i < size; i++) {
            if (StaleMarker.isStale(values[i])) {
                continue;
            }
            timestampsMs[kept] = timestampsMs[i];
            values[kept] = values[i];
            if (histograms != null) {
                histograms[kept] = histograms[i];
            }
            kept++;
        }
        size = kept;
    }

    private void ensureCapacity() {
        if (size == timestampsMs.length) {
            timestampsMs = Arrays.copyOf(timestampsMs, size * 2);
            values = Arrays.copyOf(values, size * 2);
            if (histograms != null) {
                histograms = Arrays.copyOf(histograms, size * 2);
            }
        }
    }
}
