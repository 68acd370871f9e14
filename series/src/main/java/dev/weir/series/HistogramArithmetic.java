package dev.weir.series;

import dev.weir.series.FloatHistogram.ResetHint;

/**
 * Sums, differences and reset detection of native histograms. Unequal resolutions meet at the coarser schema, unequal
 * zero buckets at the narrowest one that contains both and cuts no populated bucket.
 */
final class HistogramArithmetic {
    private HistogramArithmetic() {}

    /** {@code a + sign * b}. @throws IncompatibleHistogramsException if one has custom bounds the other has not */
    static FloatHistogram combine(FloatHistogram a, FloatHistogram b, int sign) {
        if (a.hasCustomBounds() != b.hasCustomBounds()) {
            throw new IncompatibleHistogramsException(IncompatibleHistogramsException.Reason.SCHEMA);
        }
        if (!a.hasSameCustomBounds(b)) {
            throw new IncompatibleHistogramsException(IncompatibleHistogramsException.Reason.BOUNDS);
        }
        FloatHistogram left = a;
        FloatHistogram right = b;
        if (!a.hasCustomBounds()) {
            double threshold = commonZeroThreshold(a, b);
            int schema = Math.min(a.schema(), b.schema());
            left = withZeroThreshold(a, threshold).reducedTo(schema);
            right = withZeroThreshold(b, threshold).reducedTo(schema);
        }
        return left.toBuilder()
                .resetHint(commonHint(a.resetHint(), b.resetHint(), sign))
                .zero(left.zeroThreshold(), left.zeroCount() + sign * right.zeroCount())
                .count(left.count() + sign * right.count())
                .sum(left.sum() + sign * right.sum())
                .positive(left.positive().plus(right.positive(), sign))
                .negative(left.negative().plus(right.negative(), sign))
                .build();
    }

    /** Whether a counter that was {@code previous} and is {@code current} started anew in between. */
    static boolean isReset(FloatHistogram previous, FloatHistogram current) {
        if (current.resetHint() == ResetHint.RESET || current.resetHint() == ResetHint.NOT_RESET) {
            return current.resetHint() == ResetHint.RESET;
        }
        if (current.count() < previous.count()
                || current.hasCustomBounds() != previous.hasCustomBounds()
                || !current.hasSameCustomBounds(previous)
                || current.schema() > previous.schema()
                || current.zeroThreshold() < previous.zeroThreshold()) {
            return true;
        }
        double threshold = current.zeroThreshold();
        if (widenedThreshold(previous, threshold) != threshold) {
            return true;
        }
        FloatHistogram before = withZeroThreshold(previous, threshold).reducedTo(current.schema());
        return current.zeroCount() < before.zeroCount()
                || current.positive().hasLessThan(before.positive())
                || current.negative().hasLessThan(before.negative());
    }

    private static ResetHint commonHint(ResetHint a, ResetHint b, int sign) {
        if (sign < 0) {
            return a;
        }
        if (a == ResetHint.GAUGE || b == ResetHint.GAUGE) {
            return ResetHint.GAUGE;
        }
        return a == b ? a : ResetHint.UNKNOWN;
    }

    private static double commonZeroThreshold(FloatHistogram a, FloatHistogram b) {
        double threshold = Math.max(a.zeroThreshold(), b.zeroThreshold());
        while (true) {
            double widened = widenedThreshold(b, widenedThreshold(a, threshold));
            if (widened == threshold) {
                return threshold;
            }
            threshold = widened;
        }
    }

    /** The least threshold that is at least {@code threshold} and lies inside no populated bucket. */
    private static double widenedThreshold(FloatHistogram histogram, double threshold) {
        if (histogram.hasCustomBounds() || threshold <= histogram.zeroThreshold()) {
            return Math.max(threshold, histogram.zeroThreshold());
        }
        double widened = threshold;
        boolean changed = true;
        while (changed) {
            double upper = Math.max(
                    upperOfBucketAround(histogram, histogram.positive(), widened),
                    upperOfBucketAround(histogram, histogram.negative(), widened));
            changed = upper > widened;
            widened = Math.max(upper, widened);
        }
        return widened;
    }

    private static double upperOfBucketAround(FloatHistogram histogram, BucketCounts side, double threshold) {
        for (int i = 0; i < side.size(); i++) {
            if (histogram.bound(side.index(i) - 1) >= threshold) {
                break;
            }
            double upper = histogram.bound(side.index(i));
            if (upper > threshold && side.count(i) != 0) {
                return upper;
            }
        }
        return threshold;
    }

    /** Moves the buckets below {@code threshold} into the zero bucket. */
    private static FloatHistogram withZeroThreshold(FloatHistogram histogram, double threshold) {
        if (threshold <= histogram.zeroThreshold()) {
            return histogram;
        }
        int positives = bucketsBelow(histogram, histogram.positive(), threshold);
        int negatives = bucketsBelow(histogram, histogram.negative(), threshold);
        double zeroCount = histogram.zeroCount();
        for (int i = 0; i < positives; i++) {
            zeroCount += histogram.positive().count(i);
        }
        for (int i = 0; i < negatives; i++) {
            zeroCount += histogram.negative().count(i);
        }
        return histogram.toBuilder()
                .zero(threshold, zeroCount)
                .positive(histogram.positive().from(positives))
                .negative(histogram.negative().from(negatives))
                .build();
    }

    private static int bucketsBelow(FloatHistogram histogram, BucketCounts side, double threshold) {
        int below = 0;
        while (below < side.size() && histogram.bound(side.index(below) - 1) < threshold) {
            below++;
        }
        return below;
    }
}
