package dev.weir.series;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import org.jspecify.annotations.Nullable;

/** The buckets of one side of a native histogram: ascending indexes, each with its count. Immutable; sparse. */
public final class BucketCounts {
    public static final BucketCounts EMPTY = new BucketCounts(new int[0], new double[0]);

    private final int[] indexes;
    private final double[] counts;

    private BucketCounts(int[] indexes, double[] counts) {
        this.indexes = indexes;
        this.counts = counts;
    }

    /**
     * Buckets of parallel columns, which are copied.
     *
     * @throws IllegalArgumentException if the columns differ in length or the indexes do not strictly ascend
     */
    public static BucketCounts of(int[] indexes, double[] counts) {
        if (indexes.length != counts.length) {
            throw new IllegalArgumentException(
                    "counts: " + counts.length + " (expected: " + indexes.length + ", one for each bucket index)");
        }
        for (int i = 1; i < indexes.length; i++) {
            if (indexes[i] <= indexes[i - 1]) {
                throw new IllegalArgumentException(
                        "bucket index: " + indexes[i] + " after " + indexes[i - 1] + " (expected: strictly ascending)");
            }
        }
        return indexes.length == 0 ? EMPTY : new BucketCounts(indexes.clone(), counts.clone());
    }

    /** Adjacent buckets, the first of which has the index {@code offset}. */
    public static BucketCounts adjacent(int offset, double... counts) {
        int[] indexes = new int[counts.length];
        Arrays.setAll(indexes, i -> offset + i);
        return of(indexes, counts);
    }

    public int size() {
        return indexes.length;
    }

    public int index(int position) {
        return indexes[position];
    }

    public double count(int position) {
        return counts[position];
    }

    /** The count of the bucket with this index, 0 if there is none. */
    public double countAt(int index) {
        int position = Arrays.binarySearch(indexes, index);
        return position < 0 ? 0 : counts[position];
    }

    /** The sum of all counts. */
    public double total() {
        double total = 0;
        for (double count : counts) {
            total += count;
        }
        return total;
    }

    BucketCounts mapCounts(DoubleUnaryOperator change) {
        double[] changed = new double[counts.length];
        Arrays.setAll(changed, i -> change.applyAsDouble(counts[i]));
        return new BucketCounts(indexes, changed);
    }

    /** Bucket by bucket, this plus {@code factor} times the other. */
    BucketCounts plus(BucketCounts other, double factor) {
        if (Arrays.equals(indexes, other.indexes)) {
            double[] sums = new double[counts.length];
            Arrays.setAll(sums, i -> counts[i] + factor * other.counts[i]);
            return new BucketCounts(indexes, sums);
        }
        int[] merged = new int[indexes.length + other.indexes.length];
        double[] sums = new double[merged.length];
        int size = 0;
        int a = 0;
        int b = 0;
        while (a < indexes.length || b < other.indexes.length) {
            boolean takesA = b == other.indexes.length || (a < indexes.length && indexes[a] <= other.indexes[b]);
            boolean takesB = a == indexes.length || (b < other.indexes.length && other.indexes[b] <= indexes[a]);
            merged[size] = takesA ? indexes[a] : other.indexes[b];
            sums[size++] = (takesA ? counts[a++] : 0) + (takesB ? factor * other.counts[b++] : 0);
        }
        return new BucketCounts(Arrays.copyOf(merged, size), Arrays.copyOf(sums, size));
    }

    /** These counts in buckets that are wider by {@code 2^shift}. */
    BucketCounts widened(int shift) {
        int[] targets = new int[indexes.length];
        double[] sums = new double[indexes.length];
        int size = 0;
        for (int i = 0; i < indexes.length; i++) {
            int target = ((indexes[i] - 1) >> shift) + 1;
            if (size == 0 || targets[size - 1] != target) {
                targets[size++] = target;
            }
            sums[size - 1] += counts[i];
        }
        return new BucketCounts(Arrays.copyOf(targets, size), Arrays.copyOf(sums, size));
    }

    /** Only the buckets from this position on. */
    BucketCounts from(int position) {
        return position == 0
                ? this
                : new BucketCounts(
                        Arrays.copyOfRange(indexes, position, indexes.length),
                        Arrays.copyOfRange(counts, position, counts.length));
    }

    /** These buckets less the empty ones. */
    BucketCounts withoutEmpty() {
        int kept = 0;
        for (double count : counts) {
            kept += count == 0 ? 0 : 1;
        }
        if (kept == counts.length) {
            return this;
        }
        int[] keptIndexes = new int[kept];
        double[] keptCounts = new double[kept];
        int size = 0;
        for (int i = 0; i < counts.length; i++) {
            if (counts[i] != 0) {
                keptIndexes[size] = indexes[i];
                keptCounts[size++] = counts[i];
            }
        }
        return new BucketCounts(keptIndexes, keptCounts);
    }

    /**
     * Whether any bucket holds less than the same bucket of {@code earlier}, or is missing here and holds anything there,
     * be it less than nothing.
     */
    boolean hasLessThan(BucketCounts earlier) {
        for (int i = 0; i < earlier.indexes.length; i++) {
            int position = Arrays.binarySearch(indexes, earlier.indexes[i]);
            if (position < 0 ? earlier.counts[i] != 0 : counts[position] < earlier.counts[i]) {
                return true;
            }
        }
        return false;
    }

    @Override
    public boolean equals(@Nullable Object o) {
        return o instanceof BucketCounts other
                && Arrays.equals(indexes, other.indexes)
                && Arrays.equals(counts, other.counts);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(indexes) * 31 + Arrays.hashCode(counts);
    }

    @Override
    public String toString() {
        return Arrays.toString(indexes) + Arrays.toString(counts);
    }
}
