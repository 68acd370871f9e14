package dev.weir.queryserver.store;

import dev.weir.series.FloatHistogram;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Samples, floats or native histograms. */
public final class SampleList {
    private static final int INITIAL_SAMPLES = 16;

    private long[] timestampsMs = new long[INITIAL_SAMPLES];
    private double[] values = new double[INITIAL_SAMPLES];
    private @Nullable FloatHistogram @Nullable [] histograms;
    private int size;

    public void add(long timestampMs, double value) {
        add(timestampMs, value, null);
    }

    /** Adds a histogram, or a float where {@code histogram} is null. */
    public void add(long timestampMs, double value, @Nullable FloatHistogram histogram) {
        if (size == timestampsMs.length) {
            timestampsMs = Arrays.copyOf(timestampsMs, size * 2);
            values = Arrays.copyOf(values, size * 2);
            histograms = histograms == null ? null : Arrays.copyOf(histograms, size * 2);
        }
        if (histogram != null && histograms == null) {
            histograms = new @Nullable FloatHistogram[values.length];
        }
        if (histograms != null) {
            histograms[size] = histogram;
        }
        timestampsMs[size] = timestampMs;
        values[size++] = value;
    }

    public int size() {
        return size;
    }

    public long timestampMs(int index) {
        return timestampsMs[index];
    }

    public double value(int index) {
        return values[index];
    }

    /** The sample's histogram, null where it is a float. */
    public @Nullable FloatHistogram histogram(int index) {
        return histograms == null ? null : histograms[index];
    }

    /** Forgets all samples but the first. */
    void truncate(int newSize) {
        size = Math.min(size, newSize);
    }
}
