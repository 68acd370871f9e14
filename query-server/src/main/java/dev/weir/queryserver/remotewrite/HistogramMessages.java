package dev.weir.queryserver.remotewrite;

import dev.weir.schemas.remotewrite.BucketSpan;
import dev.weir.schemas.remotewrite.Histogram;
import dev.weir.series.BucketCounts;
import dev.weir.series.FloatHistogram;
import dev.weir.series.FloatHistogram.ResetHint;
import dev.weir.series.StaleMarker;
import java.util.List;

/** Native histograms as remote write sends them, to histograms as the engine knows them. */
final class HistogramMessages {
    /** Above it, doubles are not each integer. */
    private static final double MAX_EXACT = 1L << 53;

    private HistogramMessages() {}

    /** @throws IllegalArgumentException naming what is wrong with the message */
    static FloatHistogram toFloatHistogram(Histogram message) {
        if (StaleMarker.isStale(message.getSum())) {
            return FloatHistogram.builder().sum(message.getSum()).build();
        }
        boolean isFloat = message.getCountCase() == Histogram.CountCase.COUNT_FLOAT;
        double count = isFloat ? message.getCountFloat() : unsigned(message.getCountInt());
        double zeroCount = isFloat ? message.getZeroCountFloat() : unsigned(message.getZeroCountInt());
        BucketCounts positive = isFloat
                ? buckets("positive", message.getPositiveSpansList(), message.getPositiveCountsList())
                : bucketsOfDeltas("positive", message.getPositiveSpansList(), message.getPositiveDeltasList());
        BucketCounts negative = isFloat
                ? buckets("negative", message.getNegativeSpansList(), message.getNegativeCountsList())
                : bucketsOfDeltas("negative", message.getNegativeSpansList(), message.getNegativeDeltasList());
        if (count < 0 || zeroCount < 0) {
            throw new IllegalArgumentException(
                    "count " + count + ", zero count " + zeroCount + " (expected: none negative)");
        }
        FloatHistogram.Builder histogram = FloatHistogram.builder()
                .schema(message.getSchema())
                .resetHint(resetHint(message.getResetHint()))
                .count(count)
                .sum(message.getSum())
                .zero(message.getZeroThreshold(), zeroCount)
                .positive(positive)
                .negative(negative);
        if (message.getSchema() == FloatHistogram.CUSTOM_SCHEMA) {
            histogram.customBounds(customBounds(message, zeroCount, positive, negative));
        }
        FloatHistogram built = histogram.build();
        if (!isFloat && count < MAX_EXACT) {
            checkTotal(count, message.getSum(), zeroCount + positive.total() + negative.total());
        }
        return built;
    }

    /** Observations of NaN are in the count and in no bucket. Not for counts of floats, which rounding may have left unequal. */
    private static void checkTotal(double count, double sum, double inBuckets) {
        if (Double.isNaN(sum) ? inBuckets > count : inBuckets != count) {
            throw new IllegalArgumentException("count " + count + " with " + inBuckets
                    + " observations in its buckets (expected: as many, or more where the sum is NaN)");
        }
    }

    private static double[] customBounds(
            Histogram message, double zeroCount, BucketCounts positive, BucketCounts negative) {
        double[] bounds = new double[message.getCustomValuesCount()];
        for (int i = 0; i < bounds.length; i++) {
            bounds[i] = message.getCustomValues(i);
            if (!Double.isFinite(bounds[i])) {
                throw new IllegalArgumentException("custom bound " + bounds[i] + " (expected: a finite one)");
            }
            if (i > 0 && bounds[i] <= bounds[i - 1]) {
                throw new IllegalArgumentException(
                        "custom bound " + bounds[i] + " after " + bounds[i - 1] + " (expected: ascending)");
            }
        }
        if (negative.size() > 0 || zeroCount > 0 || message.getZeroThreshold() != 0) {
            throw new IllegalArgumentException("custom bounds with negative buckets or a zero bucket (expected: none)");
        }
        int last = positive.size() == 0 ? 0 : positive.index(positive.size() - 1);
        if (last > bounds.length || (positive.size() > 0 && positive.index(0) < 0)) {
            throw new IllegalArgumentException(
                    "bucket index " + last + " (expected: 0 to " + bounds.length + ", the number of custom bounds)");
        }
        return bounds;
    }

    private static BucketCounts bucketsOfDeltas(String side, List<BucketSpan> spans, List<Long> deltas) {
        int[] indexes = indexes(side, spans, deltas.size());
        double[] counts = new double[indexes.length];
        long count = 0;
        for (int i = 0; i < counts.length; i++) {
            count += deltas.get(i);
            counts[i] = checked(side, indexes[i], (double) count);
        }
        return BucketCounts.of(indexes, counts);
    }

    private static BucketCounts buckets(String side, List<BucketSpan> spans, List<Double> values) {
        int[] indexes = indexes(side, spans, values.size());
        double[] counts = new double[indexes.length];
        for (int i = 0; i < counts.length; i++) {
            counts[i] = checked(side, indexes[i], values.get(i));
        }
        return BucketCounts.of(indexes, counts);
    }

    private static double checked(String side, int index, double count) {
        if (!(count >= 0)) {
            throw new IllegalArgumentException(
                    side + " bucket " + index + ": count " + count + " (expected: not negative)");
        }
        return count;
    }

    private static int[] indexes(String side, List<BucketSpan> spans, int counts) {
        long announced = 0;
        for (BucketSpan span : spans) {
            announced += Integer.toUnsignedLong(span.getLength());
        }
        if (announced != counts) {
            throw new IllegalArgumentException(
                    side + " spans of " + announced + " buckets with " + counts + " counts (expected: as many)");
        }
        int[] indexes = new int[counts];
        int at = 0;
        long next = 0;
        for (int i = 0; i < spans.size(); i++) {
            int offset = spans.get(i).getOffset();
            if (i > 0 && offset < 0) {
                throw new IllegalArgumentException(side + " span " + i + ": offset " + offset + " (expected: >= 0)");
            }
            next += offset;
            for (int k = spans.get(i).getLength(); k > 0; k--) {
                indexes[at++] = Math.toIntExact(next++);
            }
        }
        return indexes;
    }

    private static ResetHint resetHint(Histogram.ResetHint hint) {
        return switch (hint) {
            case YES -> ResetHint.RESET;
            case NO -> ResetHint.NOT_RESET;
            case GAUGE -> ResetHint.GAUGE;
            default -> ResetHint.UNKNOWN;
        };
    }

    private static double unsigned(long count) {
        return count >= 0 ? count : (count >>> 1) * 2.0 + (count & 1);
    }
}
