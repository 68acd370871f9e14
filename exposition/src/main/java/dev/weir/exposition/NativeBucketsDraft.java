package dev.weir.exposition;

import dev.weir.series.BucketCounts;
import java.util.Arrays;

/**
 * One side's buckets of a native histogram while they are read: spans of buckets with the gaps between them, and each
 * bucket's count, as its difference to the one before or, where counts are no integers, by itself.
 */
final class NativeBucketsDraft {
    /** Far beyond the buckets of any double; arithmetic with it stays within an int. */
    private static final int MAX_INDEX = 1 << 30;

    private final String side;
    private int[] offsets = new int[4];
    private int[] lengths = new int[4];
    private int spans;
    private long spanned;
    private double[] counts = new double[16];
    private int size;
    private long last;
    private boolean asDeltas;
    private boolean asCounts;

    NativeBucketsDraft(String side) {
        this.side = side;
    }

    boolean hasSpans() {
        return spans > 0;
    }

    boolean isFloat() {
        return asCounts;
    }

    /** Adds a run of buckets, {@code offset} behind the end of the one before. */
    void addSpan(long offset, long length) throws InvalidHistogramException {
        if (Math.abs(offset) > MAX_INDEX || (spans > 0 && offset < 0)) {
            throw new InvalidHistogramException(
                    "offset of a " + side + " span: " + offset, (spans > 0 ? "0" : -MAX_INDEX) + " to " + MAX_INDEX);
        }
        spanned += length;
        if (length > ParseLimits.MAX_NATIVE_BUCKETS
                || spanned > ParseLimits.MAX_NATIVE_BUCKETS
                || spans == ParseLimits.MAX_NATIVE_BUCKETS) {
            throw tooMany("length of a " + side + " span: " + length);
        }
        if (spans == offsets.length) {
            offsets = Arrays.copyOf(offsets, 2 * spans);
            lengths = Arrays.copyOf(lengths, 2 * spans);
        }
        offsets[spans] = (int) offset;
        lengths[spans++] = (int) length;
    }

    /** Adds a bucket with {@code delta} more than the one before it holds. */
    void addDelta(long delta) throws InvalidHistogramException {
        asDeltas = true;
        long count = last + delta;
        // With last >= 0 the sum overflows upwards only, into the negative.
        if (count < 0) {
            throw new InvalidHistogramException(
                    "delta of a " + side + " bucket: " + delta, ">= -" + last + ", and a count below 2^63");
        }
        last = count;
        append((double) count);
    }

    /** Adds a bucket. */
    void addCount(double count) throws InvalidHistogramException {
        asCounts = true;
        if (!(count >= 0)) {
            throw new InvalidHistogramException("count of a " + side + " bucket: " + count, ">= 0");
        }
        append(count);
    }

    BucketCounts build() throws InvalidHistogramException {
        if (asDeltas && asCounts) {
            throw new InvalidHistogramException(side + " buckets as deltas and as counts", "the one or the other");
        }
        if (spanned != size) {
            throw new InvalidHistogramException(
                    side + " buckets: " + size, spanned + ", the sum of the lengths of their spans");
        }
        int[] indexes = new int[size];
        int at = 0;
        long index = 0;
        for (int i = 0; i < spans; i++) {
            index += offsets[i];
            if (Math.abs(index) + lengths[i] > MAX_INDEX) {
                throw new InvalidHistogramException("index of a " + side + " bucket: " + index, "at most " + MAX_INDEX);
            }
            for (int j = 0; j < lengths[i]; j++) {
                indexes[at++] = (int) index++;
            }
        }
        return BucketCounts.of(indexes, Arrays.copyOf(counts, size));
    }

    private void append(double count) throws InvalidHistogramException {
        if (size == ParseLimits.MAX_NATIVE_BUCKETS) {
            throw tooMany("one more " + side + " bucket");
        }
        if (size == counts.length) {
            counts = Arrays.copyOf(counts, 2 * size);
        }
        counts[size++] = count;
    }

    private static InvalidHistogramException tooMany(String what) {
        return new InvalidHistogramException(
                what, "at most " + ParseLimits.MAX_NATIVE_BUCKETS + " buckets on a side of a native histogram");
    }
}
