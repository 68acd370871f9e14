package dev.weir.series;

import java.util.Iterator;
import java.util.NoSuchElementException;

/**
 * The buckets of a histogram from the lowest to the highest: negative ones, the zero bucket, positive ones. Empty
 * buckets are left out.
 */
public final class HistogramBuckets implements Iterable<HistogramBuckets.Bucket> {
    private final FloatHistogram histogram;
    private final boolean withNegativeZero;

    /** Without a zero bucket whose count is negative, as the HTTP API has them. */
    public HistogramBuckets(FloatHistogram histogram) {
        this(histogram, false);
    }

    private HistogramBuckets(FloatHistogram histogram, boolean withNegativeZero) {
        this.histogram = histogram;
        this.withNegativeZero = withNegativeZero;
    }

    /** With a zero bucket of any count but zero, as a histogram's text has them. */
    static HistogramBuckets ofText(FloatHistogram histogram) {
        return new HistogramBuckets(histogram, true);
    }

    /** One bucket; which of its bounds belong to it is part of it. */
    public record Bucket(double lower, double upper, boolean includesLower, boolean includesUpper, double count) {
        @Override
        public String toString() {
            return (includesLower ? "[" : "(") + FloatText.general(lower) + "," + FloatText.general(upper)
                    + (includesUpper ? "]" : ")") + ":" + FloatText.general(count);
        }
    }

    @Override
    public Iterator<Bucket> iterator() {
        return new BucketIterator(histogram, withNegativeZero);
    }

    private static final class BucketIterator implements Iterator<Bucket> {
        private final FloatHistogram histogram;
        private final boolean withNegativeZero;
        private final int negatives;
        private final int total;
        private int position;

        BucketIterator(FloatHistogram histogram, boolean withNegativeZero) {
            this.histogram = histogram;
            this.withNegativeZero = withNegativeZero;
            this.negatives = histogram.negative().size();
            this.total = negatives + 1 + histogram.positive().size();
            skipEmpty();
        }

        @Override
        public boolean hasNext() {
            return position < total;
        }

        @Override
        public Bucket next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            Bucket bucket = bucketAt(position++);
            skipEmpty();
            return bucket;
        }

        private void skipEmpty() {
            while (position < total && isEmptyAt(position)) {
                position++;
            }
        }

        private boolean isEmptyAt(int at) {
            if (at == negatives) {
                return withNegativeZero ? histogram.zeroCount() == 0 : !(histogram.zeroCount() > 0);
            }
            return at < negatives
                    ? histogram.negative().count(negatives - 1 - at) == 0
                    : histogram.positive().count(at - negatives - 1) == 0;
        }

        private Bucket bucketAt(int at) {
            if (at == negatives) {
                double threshold = histogram.zeroThreshold();
                return new Bucket(-threshold, threshold, true, true, histogram.zeroCount());
            }
            if (at < negatives) {
                int slot = negatives - 1 - at;
                int index = histogram.negative().index(slot);
                return new Bucket(
                        -histogram.bound(index),
                        -histogram.bound(index - 1),
                        true,
                        false,
                        histogram.negative().count(slot));
            }
            int slot = at - negatives - 1;
            int index = histogram.positive().index(slot);
            boolean isFirstCustom = histogram.hasCustomBounds() && index == 0;
            return new Bucket(
                    histogram.bound(index - 1),
                    histogram.bound(index),
                    isFirstCustom,
                    true,
                    histogram.positive().count(slot));
        }
    }
}
