package dev.weir.aggregation.sketch;

import dev.weir.series.ExponentialBins;

/**
 * Puts the observations of a bucket that is wider than a bin into the bins inside it. Whole numbers stay whole: the running
 * total is rounded, not the share.
 */
final class Spreading {
    /** Where not even this part of a fractional count lies below, the rest goes into one bin. */
    private static final double LEAST_SHARE = 0x1p-20;

    private Spreading() {}

    /** Evenly from {@code lower}, at least 0, to {@code upper}; what has no upper end lies at the lower one. */
    static void evenly(Sketch sketch, double lower, double upper, double times) {
        if (upper == Double.POSITIVE_INFINITY || upper <= lower) {
            sketch.addCount(lower, times);
            return;
        }
        if (upper <= sketch.zeroThreshold()) {
            sketch.addZeros(times);
            return;
        }
        int bin = ExponentialBins.index(upper);
        double left = times;
        while (left > 0) {
            double bound = ExponentialBins.upper(bin - 1);
            double share = Math.max(0, (bound - lower) / (upper - lower));
            double below = share < LEAST_SHARE && !isWhole(times) ? 0 : part(times, share);
            sketch.addToBin(bin, left - below);
            left = below;
            bin--;
        }
    }

    /** Evenly over the bins of a coarser bucket, as PromQL interpolates in exponential buckets. */
    static void overBins(Sketch sketch, int firstBin, int bins, double times) {
        double left = times;
        for (int below = bins - 1; below >= 0; below--) {
            double remaining = part(times, (double) below / bins);
            sketch.addToBin(firstBin + below, left - remaining);
            left = remaining;
        }
    }

    private static double part(double times, double share) {
        return isWhole(times) ? Math.rint(times * share) : times * share;
    }

    private static boolean isWhole(double times) {
        return times == Math.rint(times);
    }
}
