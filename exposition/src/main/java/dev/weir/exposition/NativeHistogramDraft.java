package dev.weir.exposition;

import dev.weir.series.BucketCounts;
import dev.weir.series.FloatHistogram;
import dev.weir.series.FloatText;

/** A native histogram while it is read: its fields as the message has them, those that are missing zero. */
final class NativeHistogramDraft {
    final NativeBucketsDraft positive = new NativeBucketsDraft("positive");
    final NativeBucketsDraft negative = new NativeBucketsDraft("negative");
    double integerCount;
    double floatCount;
    double sum;
    long schema;
    double zeroThreshold;
    double integerZeroCount;
    double floatZeroCount;

    double count() {
        return floatCount > 0 ? floatCount : integerCount;
    }

    /** Whether there is more than a classic histogram, by the test that Prometheus makes. */
    boolean isNative() {
        return zeroThreshold > 0 || zeroCount() > 0 || positive.hasSpans() || negative.hasSpans();
    }

    /**
     * The histogram, with the checks that Prometheus makes before it stores one.
     *
     * @throws InvalidHistogramException if it contradicts itself
     */
    FloatHistogram build(boolean gauge) throws InvalidHistogramException {
        if (schema < FloatHistogram.MIN_SCHEMA || schema > FloatHistogram.MAX_SCHEMA) {
            throw new InvalidHistogramException(
                    "schema of a native histogram: " + schema,
                    FloatHistogram.MIN_SCHEMA + " to " + FloatHistogram.MAX_SCHEMA);
        }
        if (!(zeroThreshold >= 0) || zeroThreshold == Double.POSITIVE_INFINITY) {
            throw new InvalidHistogramException("zero_threshold: " + zeroThreshold, "a finite number >= 0");
        }
        BucketCounts positives = positive.build();
        BucketCounts negatives = negative.build();
        // Sums of doubles are not exact, so that a float histogram's count proves nothing.
        if (!positive.isFloat() && !negative.isFloat() && floatCount == 0 && floatZeroCount == 0) {
            checkCount(positives.total() + negatives.total());
        }
        return FloatHistogram.builder()
                .schema((int) schema)
                .resetHint(gauge ? FloatHistogram.ResetHint.GAUGE : FloatHistogram.ResetHint.UNKNOWN)
                .count(count())
                .sum(sum)
                .zero(zeroThreshold, zeroCount())
                .positive(positives)
                .negative(negatives)
                .build();
    }

    private double zeroCount() {
        return floatZeroCount > 0 ? floatZeroCount : integerZeroCount;
    }

    private void checkCount(double inSpans) throws InvalidHistogramException {
        double inBuckets = integerZeroCount + inSpans;
        // Observations that are no number are counted, and in no bucket.
        boolean holds = Double.isNaN(sum) ? inBuckets <= integerCount : inBuckets == integerCount;
        if (!holds) {
            throw new InvalidHistogramException(
                    "observations in the buckets of a native histogram: " + FloatText.plain(inBuckets),
                    "its sample_count, " + FloatText.plain(integerCount));
        }
    }
}
