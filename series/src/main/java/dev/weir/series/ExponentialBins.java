package dev.weir.series;

/**
 * The bins of a Prometheus native histogram of schema 5: bin i holds {@code (2^((i-1)/32), 2^(i/32)]}, so that a bin is 2.2 %
 * wide and its {@link #middle} within 1.1 % of every value in it. Bounds and indexes are Prometheus' to the bit, those of its
 * bounds' neighbours included.
 */
public final class ExponentialBins {
    public static final int SCHEMA = 5;

    /** Bins from one power of two to the next. */
    public static final int PER_OCTAVE = 1 << SCHEMA;

    /** The bin of +Inf, above that of the largest double. */
    public static final int INFINITE = 1024 * PER_OCTAVE + 1;

    private static final int MANTISSA_BITS = 52;
    private static final long MANTISSA = (1L << MANTISSA_BITS) - 1;
    private static final int EXPONENT_BIAS = 1023;

    /** Leading mantissa bits by which a bin is looked up: bins are wider than 1/256 of an octave, so one compare is left. */
    private static final int LOOKUP_BITS = 8;

    /** The mantissa of each bound in an octave, and one above all mantissas. */
    private static final long[] BOUNDS = new long[PER_OCTAVE + 1];

    /** The first bound at or above each value of the leading mantissa bits. */
    private static final byte[] FIRST = new byte[1 << LOOKUP_BITS];

    static {
        for (int k = 0; k < PER_OCTAVE; k++) {
            BOUNDS[k] = Double.doubleToRawLongBits(HistogramBounds.fraction(SCHEMA, k)) & MANTISSA;
        }
        BOUNDS[PER_OCTAVE] = MANTISSA + 1;
        int bound = 0;
        for (int lead = 0; lead < FIRST.length; lead++) {
            while (BOUNDS[bound] < (long) lead << (MANTISSA_BITS - LOOKUP_BITS)) {
                bound++;
            }
            FIRST[lead] = (byte) bound;
        }
    }

    private ExponentialBins() {}

    /**
     * The bin that holds the value, in a few nanoseconds.
     *
     * @param value above 0, +Inf and subnormals included
     * @throws IllegalArgumentException if there is no bin for it: 0, negative or NaN
     */
    public static int index(double value) {
        long bits = Double.doubleToRawLongBits(value);
        int exponent = (int) (bits >> MANTISSA_BITS);
        if (exponent <= 0 || exponent > 2 * EXPONENT_BIAS) {
            return indexOfSpecial(value);
        }
        long mantissa = bits & MANTISSA;
        int bin = FIRST[(int) (mantissa >>> (MANTISSA_BITS - LOOKUP_BITS))];
        if (mantissa > BOUNDS[bin]) {
            bin++;
        }
        return (exponent - EXPONENT_BIAS) * PER_OCTAVE + bin;
    }

    private static int indexOfSpecial(double value) {
        if (!(value > 0)) {
            throw new IllegalArgumentException("value: " + value + " (expected: > 0)");
        }
        if (value == Double.POSITIVE_INFINITY) {
            return INFINITE;
        }
        // A subnormal, made normal without losing a bit of it.
        return index(value * 0x1p54) - 54 * PER_OCTAVE;
    }

    /** The largest value of the bin: the largest double in the last finite one, +Inf in {@link #INFINITE}. */
    public static double upper(int index) {
        return HistogramBounds.upper(SCHEMA, index);
    }

    /** The value whose relative distance to both ends of the bin is the same, at most 1.1 %; +Inf in {@link #INFINITE}. */
    public static double middle(int index) {
        double lower = upper(index - 1);
        double upper = upper(index);
        return upper == Double.POSITIVE_INFINITY ? upper : lower * (2 / (1 + lower / upper));
    }
}
