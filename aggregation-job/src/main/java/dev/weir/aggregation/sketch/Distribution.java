package dev.weir.aggregation.sketch;

import dev.weir.series.BucketCounts;
import dev.weir.series.ExponentialBins;
import dev.weir.series.FloatHistogram;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The observations of one group in one window, as well as their sources tell them: single observations and native histograms
 * of at least schema 5 to their bin, everything else to its bucket. A bucket's counts are summed up first and spread over the
 * bins once, when the window is closed. Not safe for use by several threads.
 */
public final class Distribution {
    /** Most different buckets wider than a bin; further ones are spread at once, and could lie anywhere for the bounds. */
    public static final int MAX_BUCKETS = 4_096;

    private final Sketch exact = new Sketch();
    private final Sketch beyondLimit = new Sketch();
    private final Map<Bucket, Double> buckets = new LinkedHashMap<>();

    /** All observations, each in its bin; made when asked for. */
    private @Nullable Sketch spread;

    /**
     * Where an observation lies.
     *
     * @param bins over how many bins from {@code firstBin} on to spread it; 0 to spread it evenly between the bounds
     */
    record Bucket(double lower, double upper, int firstBin, int bins) {
        private static Bucket linear(double lower, double upper) {
            return new Bucket(lower, upper, 0, 0);
        }

        void spread(Sketch sketch, double times) {
            if (bins > 0) {
                Spreading.overBins(sketch, firstBin, bins, times);
            } else {
                Spreading.evenly(sketch, lower, upper, times);
            }
        }
    }

    /**
     * Adds one observation.
     *
     * @throws IllegalArgumentException if it is negative or NaN
     */
    public void add(double value) {
        exact.add(value);
        spread = null;
    }

    /** Adds observations that are known to their bins. */
    public void add(Sketch observations) {
        exact.merge(observations);
        spread = null;
    }

    /** Adds all of another's, each observation known as well as there. */
    void add(Distribution other) {
        exact.merge(other.exact);
        beyondLimit.merge(other.beyondLimit);
        other.buckets.forEach(this::addBucket);
        spread = null;
    }

    /**
     * Adds what a classic histogram gained.
     *
     * @param upperBounds ascending, the last one +Inf; the first bucket begins at 0, what lies below 0 counts as 0
     * @param counts per single bucket, none negative
     * @param sum NaN if it is not known: then as if each observation lay in its bucket's middle
     * @throws IllegalArgumentException if counts and bounds do not belong together
     */
    public void addClassic(double[] upperBounds, double[] counts, double sum) {
        if (upperBounds.length != counts.length || upperBounds.length == 0) {
            throw new IllegalArgumentException("counts: " + counts.length + " (expected: " + upperBounds.length
                    + ", one for each bound, and at least one)");
        }
        for (double times : counts) {
            if (!(times >= 0 && times < Double.POSITIVE_INFINITY)) {
                throw new IllegalArgumentException("bucket count: " + times + " (expected: >= 0 and finite)");
            }
        }
        double lower = 0;
        double middles = 0;
        for (int i = 0; i < counts.length; i++) {
            double upper = Math.max(0, upperBounds[i]);
            if (counts[i] != 0) {
                addBucket(Bucket.linear(lower, upper), counts[i]);
                middles += counts[i] * (upper == Double.POSITIVE_INFINITY ? lower : (lower + upper) / 2);
            }
            lower = upper;
        }
        exact.addSum(Double.isNaN(sum) ? middles : sum);
    }

    /**
     * Adds what a native histogram gained; negative observations count as 0, NaN are left out.
     *
     * @param gained finer schemas are merged exactly, coarser ones spread over the bins of each bucket, custom bounds as a
     *     classic histogram's
     */
    public void addNative(FloatHistogram gained) {
        if (gained.hasCustomBounds()) {
            double[] bounds = new double[gained.customBoundCount() + 1];
            double[] counts = new double[bounds.length];
            for (int i = 0; i < bounds.length; i++) {
                bounds[i] = gained.bound(i);
                counts[i] = gained.positive().countAt(i);
            }
            addClassic(bounds, counts, gained.sum());
            return;
        }
        FloatHistogram fitting = gained.reducedTo(ExponentialBins.SCHEMA);
        int shift = ExponentialBins.SCHEMA - fitting.schema();
        BucketCounts positive = fitting.positive();
        for (int i = 0; i < positive.size(); i++) {
            int index = positive.index(i);
            if (shift == 0) {
                exact.addToBin(index, positive.count(i));
            } else if (positive.count(i) != 0) {
                addBucket(coarse(fitting, index, shift), positive.count(i));
            }
        }
        if (fitting.zeroThreshold() <= Sketch.ZERO_THRESHOLD) {
            exact.addZeros(fitting.zeroCount());
        } else if (fitting.zeroCount() != 0) {
            addBucket(Bucket.linear(0, fitting.zeroThreshold()), fitting.zeroCount());
        }
        exact.addZeros(fitting.negative().total());
        if (Double.isFinite(fitting.sum())) {
            exact.addSum(fitting.sum());
        }
        spread = null;
    }

    public boolean isEmpty() {
        return exact.isEmpty() && buckets.isEmpty();
    }

    /** All observations, each in one bin. Not to be changed. */
    public Sketch sketch() {
        Sketch all = spread;
        if (all == null) {
            all = exact;
            if (!buckets.isEmpty()) {
                all = new Sketch();
                all.merge(exact);
                all.merge(beyondLimit);
                for (Map.Entry<Bucket, Double> bucket : buckets.entrySet()) {
                    bucket.getKey().spread(all, bucket.getValue());
                }
            }
            spread = all;
        }
        return all;
    }

    /** Its quantiles, as far as the sources let one know. */
    public Quantiles quantiles() {
        if (buckets.isEmpty()) {
            return Quantiles.ofBins(exact);
        }
        Quantiles.Builder quantiles = new Quantiles.Builder(exact);
        buckets.forEach((bucket, times) -> quantiles.add(bucket.lower(), bucket.upper(), times));
        quantiles.add(0, Double.POSITIVE_INFINITY, beyondLimit.count());
        return quantiles.of(sketch());
    }

    private static Bucket coarse(FloatHistogram histogram, int index, int shift) {
        double upper = histogram.bound(index);
        if (upper == Double.POSITIVE_INFINITY) {
            // The bin of +Inf stands alone, though a coarse schema's would span more.
            return new Bucket(Double.MAX_VALUE, upper, ExponentialBins.INFINITE, 1);
        }
        int bins = 1 << shift;
        return upper <= Sketch.ZERO_THRESHOLD
                ? Bucket.linear(0, upper)
                : new Bucket(histogram.bound(index - 1), upper, (index - 1) * bins + 1, bins);
    }

    private void addBucket(Bucket bucket, double times) {
        if (buckets.size() < MAX_BUCKETS || buckets.containsKey(bucket)) {
            buckets.merge(bucket, times, Double::sum);
        } else {
            bucket.spread(beyondLimit, times);
        }
        spread = null;
    }
}
