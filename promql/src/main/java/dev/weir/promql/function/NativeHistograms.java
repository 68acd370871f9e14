package dev.weir.promql.function;

import dev.weir.series.FloatHistogram;
import dev.weir.series.HistogramBuckets;
import dev.weir.series.HistogramBuckets.Bucket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** Functions of one native histogram. */
public final class NativeHistograms {
    private static final Map<String, ToDoubleFunction<FloatHistogram>> BY_NAME = Map.of(
            "histogram_count", FloatHistogram::count,
            "histogram_sum", FloatHistogram::sum,
            "histogram_avg", histogram -> histogram.sum() / histogram.count(),
            "histogram_stddev", histogram -> Math.sqrt(variance(histogram)),
            "histogram_stdvar", NativeHistograms::variance);

    private NativeHistograms() {}

    /** The function of that name, null if there is none. */
    public static @Nullable ToDoubleFunction<FloatHistogram> byName(String name) {
        return BY_NAME.get(name);
    }

    /** What NaN observations, which are in no bucket, did to a result. */
    public enum NanEffect {
        NONE,
        RESULT_IS_NAN,
        SKEWED_HIGHER,
        EXCLUDED
    }

    /** A result, and what NaN observations did to it. */
    public record Estimate(double value, NanEffect nanEffect) {
        static Estimate of(double value) {
            return new Estimate(value, NanEffect.NONE);
        }
    }

    /** The {@code q}-quantile, inside a bucket interpolated exponentially, linearly in the zero and custom buckets. */
    public static Estimate quantile(double q, FloatHistogram histogram) {
        if (q < 0) {
            return Estimate.of(Double.NEGATIVE_INFINITY);
        }
        if (q > 1) {
            return Estimate.of(Double.POSITIVE_INFINITY);
        }
        if (histogram.count() == 0 || Double.isNaN(q)) {
            return Estimate.of(Double.NaN);
        }
        List<Bucket> buckets = buckets(histogram);
        boolean hasNan = Double.isNaN(histogram.sum());
        // Counted from the nearer end, which is the more exact.
        boolean fromBelow = hasNan || q < 0.5;
        double rank = (fromBelow ? q : 1 - q) * histogram.count();
        double count = 0;
        Bucket bucket = new Bucket(0, 0, false, false, 0);
        for (int i = 0; i < buckets.size(); i++) {
            bucket = buckets.get(fromBelow ? i : buckets.size() - 1 - i);
            count += bucket.count();
            if (count >= rank) {
                break;
            }
        }
        double lower = bucket.lower();
        double upper = bucket.upper();
        if (histogram.hasCustomBounds()) {
            if (lower == Double.NEGATIVE_INFINITY) {
                if (upper <= 0) {
                    return Estimate.of(upper);
                }
                lower = 0;
            } else if (upper == Double.POSITIVE_INFINITY) {
                return Estimate.of(lower);
            }
        } else if (lower < 0 && upper > 0) {
            lower = histogram.negative().size() == 0 && histogram.positive().size() > 0 ? 0 : lower;
            upper = histogram.positive().size() == 0 && histogram.negative().size() > 0 ? 0 : upper;
        }
        count = Math.min(count, histogram.count());
        if (count < rank) {
            return hasNan ? new Estimate(Double.NaN, NanEffect.RESULT_IS_NAN) : Estimate.of(upper);
        }
        rank = fromBelow ? rank - (count - bucket.count()) : count - rank;
        NanEffect effect = hasNan && total(buckets) < histogram.count() ? NanEffect.SKEWED_HIGHER : NanEffect.NONE;
        return new Estimate(interpolate(histogram, lower, upper, rank / bucket.count()), effect);
    }

    /** The share of observations between the bounds. */
    public static Estimate fraction(double lower, double upper, FloatHistogram histogram) {
        if (histogram.count() == 0 || Double.isNaN(lower) || Double.isNaN(upper)) {
            return Estimate.of(Double.NaN);
        }
        if (lower >= upper) {
            return Estimate.of(0);
        }
        List<Bucket> buckets = buckets(histogram);
        double total = Double.isNaN(histogram.sum()) ? total(buckets) : histogram.count();
        double lowerRank = rank(histogram, buckets, lower, total);
        double upperRank = rank(histogram, buckets, upper, total);
        NanEffect effect = total < histogram.count() ? NanEffect.EXCLUDED : NanEffect.NONE;
        return new Estimate((upperRank - lowerRank) / histogram.count(), effect);
    }

    /** How many observations lie below the bound, at most {@code total}. */
    private static double rank(FloatHistogram histogram, List<Bucket> buckets, double bound, double total) {
        double rank = 0;
        for (Bucket bucket : buckets) {
            double lower = bucket.lower();
            double upper = bucket.upper();
            boolean isZeroBucket = lower <= 0 && upper >= 0;
            if (isZeroBucket) {
                lower = histogram.negative().size() == 0 && histogram.positive().size() > 0 ? 0 : lower;
                upper = histogram.positive().size() == 0 && histogram.negative().size() > 0 ? 0 : upper;
            }
            if (lower >= bound) {
                return Math.min(rank, total);
            }
            if (upper > bound) {
                double share = histogram.hasCustomBounds() || isZeroBucket
                        ? (bound - lower) / (upper - lower)
                        : exponentialShare(bound, lower, upper);
                return cap(rank + bucket.count() * share, total);
            }
            rank += bucket.count();
        }
        return total;
    }

    private static double cap(double rank, double total) {
        return rank > total ? total : rank;
    }

    private static double exponentialShare(double bound, double lower, double upper) {
        double logLower = FloatFunctions.log2(Math.abs(lower));
        double logUpper = FloatFunctions.log2(Math.abs(upper));
        double logBound = FloatFunctions.log2(Math.abs(bound));
        return bound > 0
                ? (logBound - logLower) / (logUpper - logLower)
                : 1 - (logBound - logUpper) / (logLower - logUpper);
    }

    private static double interpolate(FloatHistogram histogram, double lower, double upper, double fraction) {
        if (histogram.hasCustomBounds() || (lower <= 0 && upper >= 0)) {
            return lower + (upper - lower) * fraction;
        }
        double logLower = FloatFunctions.log2(Math.abs(lower));
        double logUpper = FloatFunctions.log2(Math.abs(upper));
        return lower > 0
                ? Math.pow(2, logLower + (logUpper - logLower) * fraction)
                : -Math.pow(2, logUpper + (logLower - logUpper) * (1 - fraction));
    }

    /** Population variance, every observation taken to be in the (geometric) middle of its bucket. */
    private static double variance(FloatHistogram histogram) {
        double mean = histogram.sum() / histogram.count();
        Kahan variance = new Kahan();
        for (Bucket bucket : new HistogramBuckets(histogram)) {
            double delta = middle(histogram, bucket) - mean;
            variance.add(bucket.count() * delta * delta);
        }
        return variance.total() / histogram.count();
    }

    private static double middle(FloatHistogram histogram, Bucket bucket) {
        if (histogram.hasCustomBounds()) {
            return (bucket.upper() + bucket.lower()) / 2;
        }
        if (bucket.lower() <= 0 && bucket.upper() >= 0) {
            return 0;
        }
        double middle = Math.sqrt(bucket.upper() * bucket.lower());
        return bucket.upper() < 0 ? -middle : middle;
    }

    private static double total(List<Bucket> buckets) {
        double total = 0;
        for (Bucket bucket : buckets) {
            total += bucket.count();
        }
        return total;
    }

    private static List<Bucket> buckets(FloatHistogram histogram) {
        List<Bucket> buckets = new ArrayList<>();
        new HistogramBuckets(histogram).forEach(buckets::add);
        return buckets;
    }
}
