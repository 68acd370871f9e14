package dev.weir.series;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A Prometheus native histogram with counts as doubles. Schemas -4 to 8 have buckets {@code (base^(i-1), base^i]} with
 * {@code base = 2^(2^-schema)}, mirrored for negative observations, and a zero bucket {@code [-t, t]}; schema
 * {@link #CUSTOM_SCHEMA} has the bounds {@link #customBound}, bucket {@code i} ending at bound {@code i} and the last at
 * +Inf. Immutable.
 */
public final class FloatHistogram {
    /** The schema of histograms with explicit bounds. */
    public static final int CUSTOM_SCHEMA = -53;

    public static final int MIN_SCHEMA = -4;
    public static final int MAX_SCHEMA = 8;

    /** What the writer knew about a counter reset between the previous sample and this one. */
    public enum ResetHint {
        UNKNOWN,
        RESET,
        NOT_RESET,
        GAUGE
    }

    private static final double[] NO_BOUNDS = {};

    private final int schema;
    private final ResetHint resetHint;
    private final double count;
    private final double sum;
    private final double zeroThreshold;
    private final double zeroCount;
    private final BucketCounts positive;
    private final BucketCounts negative;
    private final double[] customBounds;

    FloatHistogram(Builder builder) {
        this.schema = builder.schema;
        this.resetHint = builder.resetHint;
        this.count = builder.count;
        this.sum = builder.sum;
        this.zeroThreshold = builder.zeroThreshold;
        this.zeroCount = builder.zeroCount;
        this.positive = builder.positive;
        this.negative = builder.negative;
        this.customBounds = builder.customBounds;
    }

    public static Builder builder() {
        return new Builder();
    }

    public Builder toBuilder() {
        Builder builder = new Builder();
        builder.schema = schema;
        builder.resetHint = resetHint;
        builder.count = count;
        builder.sum = sum;
        builder.zeroThreshold = zeroThreshold;
        builder.zeroCount = zeroCount;
        builder.positive = positive;
        builder.negative = negative;
        builder.customBounds = customBounds;
        return builder;
    }

    public int schema() {
        return schema;
    }

    public ResetHint resetHint() {
        return resetHint;
    }

    public double count() {
        return count;
    }

    public double sum() {
        return sum;
    }

    public double zeroThreshold() {
        return zeroThreshold;
    }

    public double zeroCount() {
        return zeroCount;
    }

    public BucketCounts positive() {
        return positive;
    }

    public BucketCounts negative() {
        return negative;
    }

    public boolean hasCustomBounds() {
        return schema == CUSTOM_SCHEMA;
    }

    public int customBoundCount() {
        return customBounds.length;
    }

    public double customBound(int index) {
        return customBounds[index];
    }

    /** Whether both have custom bounds, the same ones, or neither has. */
    public boolean hasSameCustomBounds(FloatHistogram other) {
        return Arrays.equals(customBounds, other.customBounds);
    }

    /** The upper bound of the positive bucket with this index; for negative buckets, less the sign, the lower one. */
    public double bound(int index) {
        if (hasCustomBounds()) {
            if (index < 0) {
                return Double.NEGATIVE_INFINITY;
            }
            return index < customBounds.length ? customBounds[index] : Double.POSITIVE_INFINITY;
        }
        return HistogramBounds.upper(schema, index);
    }

    public FloatHistogram plus(FloatHistogram other) {
        return HistogramArithmetic.combine(this, other, 1);
    }

    public FloatHistogram minus(FloatHistogram other) {
        return HistogramArithmetic.combine(this, other, -1);
    }

    /** Every count and the sum times {@code factor}. */
    public FloatHistogram times(double factor) {
        Builder scaled = toBuilder();
        scaled.zeroCount *= factor;
        scaled.count *= factor;
        scaled.sum *= factor;
        scaled.positive = positive.mapCounts(c -> c * factor);
        scaled.negative = negative.mapCounts(c -> c * factor);
        return scaled.build();
    }

    /** Every count and the sum divided by {@code divisor}. Division by zero leaves no buckets, since they say nothing. */
    public FloatHistogram dividedBy(double divisor) {
        Builder scaled = toBuilder();
        scaled.zeroCount /= divisor;
        scaled.count /= divisor;
        scaled.sum /= divisor;
        boolean keepsBuckets = divisor != 0;
        scaled.positive = keepsBuckets ? positive.mapCounts(c -> c / divisor) : BucketCounts.EMPTY;
        scaled.negative = keepsBuckets ? negative.mapCounts(c -> c / divisor) : BucketCounts.EMPTY;
        return scaled.build();
    }

    public FloatHistogram withResetHint(ResetHint hint) {
        return hint == resetHint ? this : toBuilder().resetHint(hint).build();
    }

    /** This histogram in the coarser {@code targetSchema}; itself if that is no coarser, or if bounds are custom. */
    public FloatHistogram reducedTo(int targetSchema) {
        if (hasCustomBounds() || targetSchema >= schema) {
            return this;
        }
        int shift = schema - targetSchema;
        return toBuilder()
                .schema(targetSchema)
                .positive(positive.widened(shift))
                .negative(negative.widened(shift))
                .build();
    }

    /** This histogram less its empty buckets. */
    public FloatHistogram compacted() {
        BucketCounts compactPositive = positive.withoutEmpty();
        BucketCounts compactNegative = negative.withoutEmpty();
        if (compactPositive.size() == positive.size() && compactNegative.size() == negative.size()) {
            return this;
        }
        return toBuilder().positive(compactPositive).negative(compactNegative).build();
    }

    /** How many float samples (of 16 bytes) take about as much memory as this histogram. */
    public int sizeInSamples() {
        return 8 + (positive.size() + negative.size()) * 3 / 4;
    }

    /** Whether the counter started anew between {@code previous} and this. */
    public boolean isResetAfter(FloatHistogram previous) {
        return HistogramArithmetic.isReset(previous, this);
    }

    /** Equal in everything but the reset hint; empty buckets and missing ones are the same, and so is NaN with NaN. */
    @Override
    public boolean equals(@Nullable Object o) {
        return o instanceof FloatHistogram other
                && schema == other.schema
                && Double.compare(count, other.count) == 0
                && Double.compare(sum, other.sum) == 0
                && Double.compare(zeroThreshold, other.zeroThreshold) == 0
                && Double.compare(zeroCount, other.zeroCount) == 0
                && Arrays.equals(customBounds, other.customBounds)
                && positive.withoutEmpty().equals(other.positive.withoutEmpty())
                && negative.withoutEmpty().equals(other.negative.withoutEmpty());
    }

    @Override
    public int hashCode() {
        return Objects.hash(schema, count, sum, zeroThreshold, zeroCount);
    }

    /** As PromQL shows it: {@code {count:2, sum:3, [-0.001,0.001]:1, (1,2]:1}}. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("{count:")
                .append(FloatText.general(count))
                .append(", sum:")
                .append(FloatText.general(sum));
        HistogramBuckets.ofText(this).forEach(bucket -> text.append(", ").append(bucket.toString()));
        return text.append('}').toString();
    }

    /** Collects a histogram; unset parts are zero, empty or unknown. */
    public static final class Builder {
        private int schema;
        private ResetHint resetHint = ResetHint.UNKNOWN;
        private double count;
        private double sum;
        private double zeroThreshold;
        private double zeroCount;
        private BucketCounts positive = BucketCounts.EMPTY;
        private BucketCounts negative = BucketCounts.EMPTY;
        private double[] customBounds = NO_BOUNDS;

        private Builder() {}

        public Builder schema(int newSchema) {
            this.schema = newSchema;
            return this;
        }

        public Builder resetHint(ResetHint newResetHint) {
            this.resetHint = newResetHint;
            return this;
        }

        public Builder count(double newCount) {
            this.count = newCount;
            return this;
        }

        public Builder sum(double newSum) {
            this.sum = newSum;
            return this;
        }

        public Builder zero(double threshold, double newZeroCount) {
            this.zeroThreshold = threshold;
            this.zeroCount = newZeroCount;
            return this;
        }

        public Builder positive(BucketCounts buckets) {
            this.positive = buckets;
            return this;
        }

        public Builder negative(BucketCounts buckets) {
            this.negative = buckets;
            return this;
        }

        /** Ascending finite upper bounds, the +Inf one left out. Sets the schema. */
        public Builder customBounds(double... bounds) {
            this.schema = CUSTOM_SCHEMA;
            this.customBounds = bounds.clone();
            return this;
        }

        /** @throws IllegalArgumentException if the schema is none of -4 to 8 and {@link #CUSTOM_SCHEMA} */
        public FloatHistogram build() {
            if (schema != CUSTOM_SCHEMA && (schema < MIN_SCHEMA || schema > MAX_SCHEMA)) {
                throw new IllegalArgumentException(
                        "native histogram schema: " + schema + " (expected: -4 to 8, or -53 for custom bounds)");
            }
            return new FloatHistogram(this);
        }
    }
}
