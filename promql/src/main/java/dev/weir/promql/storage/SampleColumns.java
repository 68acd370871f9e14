package dev.weir.promql.storage;

import dev.weir.series.FloatHistogram;
import dev.weir.series.StaleMarker;
import java.util.Arrays;
import java.util.function.LongConsumer;
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
    private final LongConsumer growth;
    private long histogramSamples;

    public SampleColumns() {
        this(samples -> {});
    }

    /**
     * Columns that tell how much memory they are about to take, in samples of 16 bytes, or to give back, as a negative
     * number; {@code growth} may refuse it with an exception.
     */
    public SampleColumns(LongConsumer growth) {
        this.growth = growth;
    }

    public void add(long timestampMs, double value) {
        ensureCapacity(1);
        if (histograms != null) {
            histograms[size] = null;
        }
        timestampsMs[size] = timestampMs;
        values[size++] = value;
    }

    /** Adds a native histogram. Its stale marker is added as the float {@link StaleMarker#VALUE}. */
    public void add(long timestampMs, FloatHistogram histogram) {
        ensureCapacity(1);
        growth.accept(histogram.sizeInSamples());
        histogramSamples += histogram.sizeInSamples();
        if (histograms == null) {
            histograms = new @Nullable FloatHistogram[values.length];
        }
        timestampsMs[size] = timestampMs;
        values[size] = 0;
        histograms[size++] = histogram;
    }

    /** Makes room for {@code count} more samples, so that they can be written into the columns from {@link #size} on. */
    public void reserve(int count) {
        ensureCapacity(count);
    }

    /** Takes in {@code count} floats that were written into the columns from {@link #size} on, after {@link #reserve}. */
    public void addReserved(int count) {
        if (histograms != null) {
            Arrays.fill(histograms, size, size + count, null);
        }
        size += count;
    }

    public void clear() {
        size = 0;
        histograms = null;
        growth.accept(-histogramSamples);
        histogramSamples = 0;
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

    /** The column itself, valid up to {@link #size()} and until the next change; not to be written but by {@link #reserve}. */
    public long[] timestampsMs() {
        return timestampsMs;
    }

    /** The column itself, valid up to {@link #size()} and until the next change; not to be written but by {@link #reserve}. */
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

    private void ensureCapacity(int more) {
        if (more > timestampsMs.length - size) {
            int capacity = Math.max(size + more, size * 2);
            growth.accept(capacity - timestampsMs.length);
            timestampsMs = Arrays.copyOf(timestampsMs, capacity);
            values = Arrays.copyOf(values, capacity);
            if (histograms != null) {
                histograms = Arrays.copyOf(histograms, capacity);
            }
        }
    }
}
