package dev.weir.series;

/** Bounds of exponential buckets: bucket i ends at {@code 2^(i / 2^schema)}. */
final class HistogramBounds {
    private static final int LARGEST_EXPONENT = 1024;

    /** {@code FRACTIONS[schema][k] = 2^(k / 2^schema)} for schemas 0 to 8. */
    private static final double[][] FRACTIONS = new double[FloatHistogram.MAX_SCHEMA + 1][];

    static {
        for (int schema = 0; schema < FRACTIONS.length; schema++) {
            int perOctave = 1 << schema;
            FRACTIONS[schema] = new double[perOctave];
            for (int k = 0; k < perOctave; k++) {
                FRACTIONS[schema][k] = Math.pow(2, (double) k / perOctave);
            }
        }
    }

    private HistogramBounds() {}

    /** The bound that would be 2^1024 is the largest double, since the bucket above it holds only +Inf. */
    static double upper(int schema, int index) {
        long exponent = schema <= 0 ? (long) index << -schema : index >> schema;
        int part = schema <= 0 ? 0 : index & ((1 << schema) - 1);
        if (exponent >= LARGEST_EXPONENT) {
            return exponent == LARGEST_EXPONENT && part == 0 ? Double.MAX_VALUE : Double.POSITIVE_INFINITY;
        }
        double fraction = schema <= 0 ? 1 : FRACTIONS[schema][part];
        return exponent < -2000 ? 0 : Math.scalb(fraction, (int) exponent);
    }
}
