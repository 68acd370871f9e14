package dev.weir.exposition.layout;

import dev.weir.exposition.Sample;
import java.util.Arrays;

/**
 * The numbers of one page, line by line; only sample lines count, the first is 0. Made to be reused from page to page. Not
 * safe for use by several threads.
 */
public final class LineValues {
    double[] values = new double[64];
    /** As long as {@link #values} if {@link #timed}. */
    long[] timestampsMs = new long[0];

    int size;
    boolean timed;

    /** The number of lines. */
    public int size() {
        return size;
    }

    public double value(int line) {
        return values[line];
    }

    /** Whether any line has a timestamp. */
    public boolean timed() {
        return timed;
    }

    /** Unix time in ms, or {@link Sample#NO_TIMESTAMP}. */
    public long timestampMs(int line) {
        return timed ? timestampsMs[line] : Sample.NO_TIMESTAMP;
    }

    /** Makes room for a page's lines. */
    void start(int lines, boolean haveTimestamps) {
        if (values.length < lines) {
            values = new double[lines];
        }
        if (haveTimestamps) {
            if (timestampsMs.length < values.length) {
                timestampsMs = new long[values.length];
            }
            Arrays.fill(timestampsMs, 0, lines, Sample.NO_TIMESTAMP);
        }
        size = lines;
        timed = haveTimestamps;
    }

    void add(double value, long timestampMs) {
        if (size == values.length) {
            values = Arrays.copyOf(values, 2 * size);
        }
        if (timestampMs != Sample.NO_TIMESTAMP && !timed) {
            timed = true;
            timestampsMs = new long[values.length];
            Arrays.fill(timestampsMs, Sample.NO_TIMESTAMP);
        }
        if (timed) {
            if (timestampsMs.length < values.length) {
                timestampsMs = Arrays.copyOf(timestampsMs, values.length);
            }
            timestampsMs[size] = timestampMs;
        }
        values[size++] = value;
    }
}
