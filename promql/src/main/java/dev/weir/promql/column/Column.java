package dev.weir.promql.column;

import dev.weir.series.FloatHistogram;
import dev.weir.series.StaleMarker;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The values of one series over the steps. At each step there is a float, a native histogram, or nothing. Nothing is
 * stored as the stale marker, whose bits no evaluation can give.
 */
public final class Column {
    private final double[] values;
    private @Nullable FloatHistogram @Nullable [] histograms;
    private boolean isFull;

    /** A column with nothing in it. */
    public Column(int size) {
        this.values = new double[size];
        Arrays.fill(values, StaleMarker.VALUE);
    }

    /** A column of floats, which are not copied. */
    public Column(double[] values) {
        this.values = values;
    }

    public int size() {
        return values.length;
    }

    public boolean has(int step) {
        return hasFloat(step) || (histograms != null && histograms[step] != null);
    }

    public boolean hasFloat(int step) {
        return !StaleMarker.isStale(values[step]);
    }

    /** The float at this step, meaningless if there is none. */
    public double value(int step) {
        return values[step];
    }

    public @Nullable FloatHistogram histogram(int step) {
        return histograms == null ? null : histograms[step];
    }

    public boolean mayHaveHistograms() {
        return histograms != null;
    }

    /** Whether it is known that every step has a float; what is not known may be so all the same. */
    public boolean isFull() {
        return isFull;
    }

    /** Makes known that every step has a float. */
    public void setFull() {
        isFull = true;
    }

    /** The floats themselves, with the stale marker where there is none. */
    public double[] values() {
        return values;
    }

    public void set(int step, double value) {
        values[step] = value;
        if (histograms != null) {
            histograms[step] = null;
        }
    }

    public void set(int step, FloatHistogram histogram) {
        if (histograms == null) {
            histograms = new @Nullable FloatHistogram[values.length];
        }
        histograms[step] = histogram;
        values[step] = StaleMarker.VALUE;
        isFull = false;
    }

    public void remove(int step) {
        values[step] = StaleMarker.VALUE;
        isFull = false;
        if (histograms != null) {
            histograms[step] = null;
        }
    }

    public void clear() {
        Arrays.fill(values, StaleMarker.VALUE);
        histograms = null;
        isFull = false;
    }

    /** Puts here what the other column has at {@code from}; nothing if it has nothing. */
    public void copy(int step, Column other, int from) {
        FloatHistogram histogram = other.histogram(from);
        if (histogram != null) {
            set(step, histogram);
        } else if (other.hasFloat(from)) {
            set(step, other.values[from]);
        } else {
            remove(step);
        }
    }

    public boolean isEmpty() {
        for (int i = 0; i < values.length; i++) {
            if (has(i)) {
                return false;
            }
        }
        return true;
    }

    /** How many steps have something. */
    public int count() {
        int count = 0;
        for (int i = 0; i < values.length; i++) {
            count += has(i) ? 1 : 0;
        }
        return count;
    }

    /** How many float samples take about as much memory. */
    public long sizeInSamples() {
        long total = values.length;
        for (int i = 0; histograms != null && i < values.length; i++) {
            FloatHistogram histogram = histograms[i];
            total += histogram == null ? 0 : histogram.sizeInSamples();
        }
        return total;
    }

    /** Another column with the same in it. */
    public Column copy() {
        Column copy = new Column(values.clone());
        copy.histograms = histograms == null ? null : histograms.clone();
        copy.isFull = isFull;
        return copy;
    }

    /** A column of {@code size} steps that has at each what this one has at its first. */
    public Column broadcast(int size) {
        Column wide = new Column(size);
        for (int i = 0; i < size; i++) {
            wide.copy(i, this, 0);
        }
        return wide;
    }
}
