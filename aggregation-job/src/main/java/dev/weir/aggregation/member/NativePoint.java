package dev.weir.aggregation.member;

import dev.weir.schemas.remotewrite.BucketSpan;
import dev.weir.schemas.remotewrite.Histogram;
import dev.weir.series.BucketCounts;
import dev.weir.series.FloatHistogram;
import dev.weir.series.StaleMarker;

/** Native histograms as remote write has them, with integer counts where all counts are whole. */
final class NativePoint {
    private static final double LARGEST_EXACT = 0x1p53;

    private NativePoint() {}

    static Histogram of(FloatHistogram histogram, long timestampMs) {
        boolean whole = isWhole(histogram.count())
                && isWhole(histogram.zeroCount())
                && isWhole(histogram.positive())
                && isWhole(histogram.negative());
        Histogram.Builder point = Histogram.newBuilder()
                .setSchema(histogram.schema())
                .setZeroThreshold(histogram.zeroThreshold())
                .setSum(histogram.sum())
                .setTimestamp(timestampMs);
        if (whole) {
            point.setCountInt((long) histogram.count()).setZeroCountInt((long) histogram.zeroCount());
        } else {
            point.setCountFloat(histogram.count()).setZeroCountFloat(histogram.zeroCount());
        }
        addBuckets(point, histogram.positive(), whole, true);
        addBuckets(point, histogram.negative(), whole, false);
        return point.build();
    }

    /** The marker that the series has ended. */
    static Histogram stale(long timestampMs) {
        return Histogram.newBuilder()
                .setSum(StaleMarker.VALUE)
                .setTimestamp(timestampMs)
                .build();
    }

    private static void addBuckets(Histogram.Builder point, BucketCounts buckets, boolean whole, boolean positive) {
        int end = 0;
        long before = 0;
        int i = 0;
        while (i < buckets.size()) {
            int first = i;
            do {
                if (whole) {
                    long delta = (long) buckets.count(i) - before;
                    before = (long) buckets.count(i);
                    var unused = positive ? point.addPositiveDeltas(delta) : point.addNegativeDeltas(delta);
                } else {
                    var unused = positive
                            ? point.addPositiveCounts(buckets.count(i))
                            : point.addNegativeCounts(buckets.count(i));
                }
                i++;
            } while (i < buckets.size() && buckets.index(i) == buckets.index(i - 1) + 1);
            BucketSpan span = BucketSpan.newBuilder()
                    .setOffset(buckets.index(first) - end)
                    .setLength(i - first)
                    .build();
            end = buckets.index(i - 1) + 1;
            var unused = positive ? point.addPositiveSpans(span) : point.addNegativeSpans(span);
        }
    }

    private static boolean isWhole(BucketCounts buckets) {
        for (int i = 0; i < buckets.size(); i++) {
            if (!isWhole(buckets.count(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isWhole(double count) {
        return count == Math.rint(count) && Math.abs(count) < LARGEST_EXACT;
    }
}
