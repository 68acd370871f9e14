package dev.weir.aggregation.sketch;

import dev.weir.schemas.remotewrite.BucketSpan;
import dev.weir.schemas.remotewrite.Histogram;
import dev.weir.series.ExponentialBins;
import dev.weir.series.StaleMarker;

/** Sketches as the native histograms that remote write sends. */
public final class NativeHistograms {
    /** A gap of more empty bins begins a new span: one costs some four bytes, an empty bin one or two. */
    private static final int LARGEST_GAP = 2;

    private static final double LARGEST_EXACT = 0x1p53;

    private NativeHistograms() {}

    /** The sketch at that time; with integer counts if all of its counts are whole, else with floats. */
    public static Histogram of(Sketch sketch, long timestampMs) {
        boolean[] whole = {isWhole(sketch.zeroCount()) && isWhole(sketch.count())};
        sketch.forEachBin((index, times) -> whole[0] &= isWhole(times));
        Histogram.Builder histogram = empty(sketch, timestampMs).setSum(sketch.sum());
        if (whole[0]) {
            histogram.setCountInt((long) sketch.count()).setZeroCountInt((long) sketch.zeroCount());
        } else {
            histogram.setCountFloat(sketch.count()).setZeroCountFloat(sketch.zeroCount());
        }
        Spans spans = new Spans(histogram, whole[0]);
        sketch.forEachBin(spans::add);
        spans.end();
        return histogram.build();
    }

    /** The histogram before anything was observed, with the bins of {@code sketch}. */
    public static Histogram beforeFirst(Sketch sketch, long timestampMs) {
        return empty(sketch, timestampMs).setCountInt(0).setZeroCountInt(0).build();
    }

    /** The marker that the series has ended. */
    public static Histogram stale(long timestampMs) {
        return Histogram.newBuilder()
                .setSum(StaleMarker.VALUE)
                .setTimestamp(timestampMs)
                .build();
    }

    private static Histogram.Builder empty(Sketch sketch, long timestampMs) {
        return Histogram.newBuilder()
                .setSchema(ExponentialBins.SCHEMA)
                .setZeroThreshold(sketch.zeroThreshold())
                .setTimestamp(timestampMs);
    }

    private static boolean isWhole(double times) {
        return times == Math.rint(times) && times < LARGEST_EXACT;
    }

    private static final class Spans {
        private final Histogram.Builder histogram;
        private final boolean whole;
        private int start;
        private int next;
        private int formerEnd;
        private long formerCount;

        Spans(Histogram.Builder histogram, boolean whole) {
            this.histogram = histogram;
            this.whole = whole;
        }

        void add(int index, double times) {
            if (next != start && index - next > LARGEST_GAP) {
                end();
            }
            if (next == start) {
                start = index;
                next = index;
            }
            while (next < index) {
                count(0);
            }
            count(times);
        }

        void end() {
            if (next != start) {
                histogram.addPositiveSpans(
                        BucketSpan.newBuilder().setOffset(start - formerEnd).setLength(next - start));
                formerEnd = next;
                start = next;
            }
        }

        private void count(double times) {
            if (whole) {
                histogram.addPositiveDeltas((long) times - formerCount);
                formerCount = (long) times;
            } else {
                histogram.addPositiveCounts(times);
            }
            next++;
        }
    }
}
