package dev.weir.aggregation.report;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;

/**
 * What a target's cumulative series gained in one scrape, as columns: of the told series that moved, and now and then of
 * all, whose zeros only tell that they are alive.
 */
public final class Increments {
    private int size;
    private int[] series = new int[16];
    /** Where each one's amounts end; an increment without amounts has none but zeros. */
    private int[] ends = new int[16];

    private double[] sums = new double[16];
    private long[] tookMs = new long[16];
    private double[] amounts = new double[64];

    /**
     * @param index of the series in the {@link Telling}
     * @param gained one, or one per single bucket; copied
     * @param sumGained NaN if there is no sum
     * @param longMs how long it took
     */
    public void add(int index, double[] gained, double sumGained, long longMs) {
        int end = size == 0 ? 0 : ends[size - 1];
        amounts = ensure(amounts, end + gained.length);
        System.arraycopy(gained, 0, amounts, end, gained.length);
        add(index, end + gained.length, sumGained, longMs);
    }

    /** Adds a series that gained nothing; a sum of 0 tells that it has one. */
    public void addZero(int index, double sumGained) {
        add(index, size == 0 ? 0 : ends[size - 1], sumGained, 0);
    }

    private void add(int index, int end, double sumGained, long longMs) {
        if (size == series.length) {
            series = Arrays.copyOf(series, 2 * size);
            ends = Arrays.copyOf(ends, 2 * size);
            sums = Arrays.copyOf(sums, 2 * size);
            tookMs = Arrays.copyOf(tookMs, 2 * size);
        }
        series[size] = index;
        ends[size] = end;
        sums[size] = sumGained;
        tookMs[size++] = longMs;
    }

    private static double[] ensure(double[] array, int length) {
        return array.length >= length ? array : Arrays.copyOf(array, Math.max(length, 2 * array.length));
    }

    public int size() {
        return size;
    }

    /** Index of the series in the {@link Telling}. */
    public int series(int increment) {
        return series[increment];
    }

    /** What was gained, one or one per single bucket; empty if nothing was. */
    public double[] amounts(int increment) {
        return Arrays.copyOfRange(amounts, start(increment), ends[increment]);
    }

    /** All amounts, one increment's after the other's; read only. */
    public double[] amounts() {
        return amounts;
    }

    /** Where the increment's amounts start. */
    public int start(int increment) {
        return increment == 0 ? 0 : ends[increment - 1];
    }

    /** Whether it has amounts, at least one of them not 0. */
    public boolean adds(int increment) {
        for (int i = start(increment); i < ends[increment]; i++) {
            if (amounts[i] != 0) {
                return true;
            }
        }
        return false;
    }

    public double sum(int increment) {
        return sums[increment];
    }

    public long tookMs(int increment) {
        return tookMs[increment];
    }

    void write(DataOutput out) throws IOException {
        out.writeInt(size);
        for (int i = 0; i < size; i++) {
            out.writeInt(series[i]);
            out.writeInt(ends[i]);
            out.writeDouble(sums[i]);
            out.writeLong(tookMs[i]);
        }
        int width = size == 0 ? 0 : ends[size - 1];
        for (int i = 0; i < width; i++) {
            out.writeDouble(amounts[i]);
        }
    }

    static Increments read(DataInput in) throws IOException {
        Increments read = new Increments();
        int size = in.readInt();
        read.series = new int[size];
        read.ends = new int[size];
        read.sums = new double[size];
        read.tookMs = new long[size];
        read.size = size;
        for (int i = 0; i < size; i++) {
            read.series[i] = in.readInt();
            read.ends[i] = in.readInt();
            read.sums[i] = in.readDouble();
            read.tookMs[i] = in.readLong();
        }
        read.amounts = new double[size == 0 ? 0 : read.ends[size - 1]];
        for (int i = 0; i < read.amounts.length; i++) {
            read.amounts[i] = in.readDouble();
        }
        return read;
    }
}
