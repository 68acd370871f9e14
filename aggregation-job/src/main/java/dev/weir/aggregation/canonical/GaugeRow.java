package dev.weir.aggregation.canonical;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;

/** The values of one page in the columns of a {@link GaugeBoard}. */
final class GaugeRow {
    static final GaugeRow EMPTY = new GaugeRow(0);

    /** One value, which is the sum and the largest. */
    private static final int SINGLE = 1;

    private static final int SEVERAL = 2;

    private final int[] columns;
    private final double[] sums;
    private final double[] counts;
    private final double[] maxes;

    private GaugeRow(int size) {
        this(new int[size], new double[size], new double[size], new double[size]);
    }

    /**
     * @param columns where the values go, each column once
     * @param counts of how many values each sum is, and each of {@code maxes} the largest
     */
    GaugeRow(int[] columns, double[] sums, double[] counts, double[] maxes) {
        this.columns = columns;
        this.sums = sums;
        this.counts = counts;
        this.maxes = maxes;
    }

    boolean isEmpty() {
        return columns.length == 0;
    }

    int size() {
        return columns.length;
    }

    int column(int i) {
        return columns[i];
    }

    double sum(int i) {
        return sums[i];
    }

    double count(int i) {
        return counts[i];
    }

    double max(int i) {
        return maxes[i];
    }

    /** The same values where the board's columns have other places. */
    GaugeRow moved(int[] places) {
        return new GaugeRow(Arrays.stream(columns).map(column -> places[column]).toArray(), sums, counts, maxes);
    }

    void write(DataOutput out) throws IOException {
        out.writeInt(columns.length);
        for (int i = 0; i < columns.length; i++) {
            out.writeInt(columns[i]);
            boolean single = counts[i] == 1 && Double.compare(sums[i], maxes[i]) == 0;
            out.writeByte(single ? SINGLE : SEVERAL);
            out.writeDouble(sums[i]);
            if (!single) {
                out.writeDouble(counts[i]);
                out.writeDouble(maxes[i]);
            }
        }
    }

    /** @param width how many columns there are */
    static GaugeRow read(DataInput in, int width) throws IOException {
        GaugeRow row = new GaugeRow(in.readInt());
        for (int i = 0; i < row.columns.length; i++) {
            row.columns[i] = in.readInt();
            if (row.columns[i] < 0 || row.columns[i] >= width) {
                throw new IOException("gauge: " + row.columns[i] + " (expected: one of " + width + ")");
            }
            boolean single = in.readByte() == SINGLE;
            row.sums[i] = in.readDouble();
            row.counts[i] = single ? 1 : in.readDouble();
            row.maxes[i] = single ? row.sums[i] : in.readDouble();
        }
        return row;
    }
}
