package dev.weir.aggregation.release;

import dev.weir.aggregation.state.StateIo;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Bounds of a classic histogram's buckets: ascending, the last one +Inf, each with the text that its {@code le} label
 * carries. Immutable.
 */
public final class BucketLayout {
    /** Of a count alone. */
    public static final BucketLayout ONE_BUCKET =
            new BucketLayout(new double[] {Double.POSITIVE_INFINITY}, new String[] {"+Inf"});

    private final double[] upperBounds;
    private final String[] le;

    public BucketLayout(double[] upperBounds, String[] le) {
        this.upperBounds = upperBounds.clone();
        this.le = le.clone();
    }

    public int size() {
        return upperBounds.length;
    }

    public double upperBound(int bucket) {
        return upperBounds[bucket];
    }

    public String le(int bucket) {
        return le[bucket];
    }

    public boolean sameBounds(BucketLayout other) {
        return Arrays.equals(upperBounds, other.upperBounds);
    }

    /** The layout with the bounds of both; where both have a bound, this one's text stays. */
    public BucketLayout union(BucketLayout other) {
        TreeMap<Double, String> bounds = new TreeMap<>();
        for (int i = 0; i < other.size(); i++) {
            bounds.put(other.upperBounds[i], other.le[i]);
        }
        for (int i = 0; i < size(); i++) {
            bounds.put(upperBounds[i], le[i]);
        }
        double[] united = new double[bounds.size()];
        int i = 0;
        for (double bound : bounds.keySet()) {
            united[i++] = bound;
        }
        return new BucketLayout(united, bounds.values().toArray(new String[0]));
    }

    /**
     * Counts per single bucket of this layout as counts of {@code finer}, whose bounds include this layout's: even inside
     * a bucket, integers staying integers; what lies above the last finite bound stays in +Inf, and a first bucket that
     * reaches down without end keeps all at its upper end.
     */
    public double[] split(double[] singles, BucketLayout finer) {
        double[] split = new double[finer.size()];
        int to = 0;
        for (int from = 0; from < singles.length; from++) {
            int end = to;
            while (finer.upperBounds[end] != upperBounds[from]) {
                end++;
            }
            double low = from == 0 ? Math.min(0, upperBounds[0]) : upperBounds[from - 1];
            double width = upperBounds[from] - low;
            double given = 0;
            for (int i = to; i < end && width > 0 && width < Double.POSITIVE_INFINITY; i++) {
                double share = Math.max(0, (finer.upperBounds[i] - low) / width);
                double target = Amounts.part(singles[from], share);
                split[i] += target - given;
                given = target;
            }
            split[end] += singles[from] - given;
            to = end + 1;
        }
        return split;
    }

    /** Counts per single bucket of this layout as counts of another: each in the first bucket that reaches its bound. */
    public double[] coarsen(double[] singles, BucketLayout other) {
        double[] coarse = new double[other.size()];
        int to = 0;
        for (int from = 0; from < singles.length; from++) {
            while (other.upperBounds[to] < upperBounds[from]) {
                to++;
            }
            coarse[to] += singles[from];
        }
        return coarse;
    }

    @Override
    public boolean equals(@Nullable Object o) {
        return o instanceof BucketLayout other
                && Arrays.equals(upperBounds, other.upperBounds)
                && Arrays.equals(le, other.le);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(upperBounds);
    }

    public void write(DataOutput out) throws IOException {
        out.writeInt(size());
        for (int i = 0; i < size(); i++) {
            out.writeDouble(upperBounds[i]);
            StateIo.writeString(out, le[i]);
        }
    }

    public static BucketLayout read(DataInput in) throws IOException {
        int size = in.readInt();
        double[] upperBounds = new double[size];
        String[] le = new String[size];
        for (int i = 0; i < size; i++) {
            upperBounds[i] = in.readDouble();
            le[i] = StateIo.readString(in);
        }
        return new BucketLayout(upperBounds, le);
    }
}
