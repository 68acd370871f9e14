package dev.weir.promql.function;

import dev.weir.promql.ast.GoText;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Pattern;

/** The cumulative buckets of one classic histogram at one step, collected, sorted and repaired. Reused between steps. */
public final class ClassicHistogram {
    private static final double SMALL_DELTA = 1e-12;
    private static final Pattern NUMBER =
            Pattern.compile("[+-]?(?:[0-9]+\\.?[0-9]*|\\.[0-9]+)(?:[eE][+-]?[0-9]+)?|[+-]?(?i:inf|infinity|nan)");

    private double[] bounds = new double[32];
    private double[] counts = new double[32];
    private int size;
    private boolean wasForced;

    /** The bound in a {@code le} label. @throws NumberFormatException if it is no number */
    public static double bound(String le) {
        if (!NUMBER.matcher(le).matches()) {
            throw new NumberFormatException("le: " + GoText.quote(le) + " (expected: a number or +Inf)");
        }
        String lower = le.toLowerCase(Locale.ROOT);
        if (lower.contains("inf")) {
            return lower.startsWith("-") ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
        }
        return lower.contains("nan") ? Double.NaN : Double.parseDouble(le);
    }

    public void clear() {
        size = 0;
        wasForced = false;
    }

    public boolean isEmpty() {
        return size == 0;
    }

    /** Buckets are to come in ascending order of their bounds; equal bounds are added up. */
    public void add(double bound, double count) {
        if (size > 0 && bounds[size - 1] == bound) {
            counts[size - 1] += count;
            return;
        }
        if (size == bounds.length) {
            bounds = Arrays.copyOf(bounds, size * 2);
            counts = Arrays.copyOf(counts, size * 2);
        }
        bounds[size] = bound;
        counts[size++] = count;
    }

    /** Whether the last quantile needed counts to be raised so that they ascend. */
    public boolean wasForced() {
        return wasForced;
    }

    /** The {@code q}-quantile, inside a bucket linear; the last finite bound if it lies above it. */
    public double quantile(double q) {
        if (Double.isNaN(q)) {
            return Double.NaN;
        }
        if (q < 0 || q > 1) {
            return q < 0 ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
        }
        if (bounds[size - 1] != Double.POSITIVE_INFINITY) {
            return Double.NaN;
        }
        boolean forced = makeMonotonic();
        double observations = counts[size - 1];
        if (size < 2 || observations == 0) {
            return Double.NaN;
        }
        wasForced = forced;
        double rank = q * observations;
        int bucket = firstReaching(rank);
        if (bucket == size - 1) {
            return bounds[size - 2];
        }
        if (bucket == 0 && bounds[0] <= 0) {
            return bounds[0];
        }
        double start = bucket == 0 ? 0 : bounds[bucket - 1];
        double before = bucket == 0 ? 0 : counts[bucket - 1];
        return start + (bounds[bucket] - start) * ((rank - before) / (counts[bucket] - before));
    }

    /** The first bucket but the last that holds so many, else the last; bisected, so that NaN counts go as in Prometheus. */
    private int firstReaching(double rank) {
        int low = 0;
        int high = size - 1;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (counts[middle] >= rank) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    /** The share of observations between the bounds, inside a bucket linear. */
    public double fraction(double lower, double upper) {
        if (bounds[size - 1] != Double.POSITIVE_INFINITY) {
            return Double.NaN;
        }
        double count = counts[size - 1];
        if (count == 0 || Double.isNaN(lower) || Double.isNaN(upper)) {
            return Double.NaN;
        }
        return lower >= upper ? 0 : (rank(upper, count) - rank(lower, count)) / count;
    }

    private double rank(double value, double count) {
        double rank = 0;
        for (int i = 0; i < size; i++) {
            double lower = i == 0 ? Double.NEGATIVE_INFINITY : bounds[i - 1];
            if (lower >= value) {
                return Math.min(rank, count);
            }
            if (bounds[i] > value) {
                double interpolated = rank + (counts[i] - rank) * (value - lower) / (bounds[i] - lower);
                return interpolated > count ? count : interpolated;
            }
            rank = counts[i];
        }
        return count;
    }

    /** Whether more than rounding errors were repaired. */
    private boolean makeMonotonic() {
        boolean forced = false;
        double previous = counts[0];
        for (int i = 1; i < size; i++) {
            double count = counts[i];
            if (count == previous) {
                continue;
            }
            boolean isRounding = isAlmostEqual(previous, count);
            if (isRounding || count < previous) {
                counts[i] = previous;
                forced |= !isRounding;
            } else {
                previous = count;
            }
        }
        return forced;
    }

    private static boolean isAlmostEqual(double a, double b) {
        if (Double.isNaN(a) && Double.isNaN(b)) {
            return true;
        }
        double sum = Math.abs(a) + Math.abs(b);
        double difference = Math.abs(a - b);
        if (a == 0 || b == 0 || sum < Double.MIN_NORMAL) {
            return difference < SMALL_DELTA * Double.MIN_NORMAL;
        }
        return difference / Math.min(sum, Double.MAX_VALUE) < SMALL_DELTA;
    }
}
