package dev.weir.promql.storage;

import java.util.Arrays;

/** Samples of one series as growing columns, ascending in time. Reused between series: {@link #clear} keeps the arrays. */
public final class SampleColumns {
    private long[] timestampsMs = new long[64];
    private double[] values = new double[64];
    private int size;

    public void add(long timestampMs, double value) {
        if (size == timestampsMs.length) {
            timestampsMs = Arrays.copyOf(timestampsMs, size * 2);
            values = Arrays.copyOf(values, size * 2);
        }
        timestampsMs[size] = timestampMs;
        values[size++] = value;
    }

    public void clear() {
        size = 0;
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
}
