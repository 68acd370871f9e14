package dev.weir.simulator.metric;

/**
 * The bins of a native histogram of schema 3, as client_golang keeps one with {@code NativeHistogramBucketFactor: 1.1}:
 * bin i holds what lies in {@code (2^((i-1)/8), 2^(i/8)]}. Kept for values from a thousandth to four thousand, and what
 * lies outside is added to the bin at that end.
 */
final class NativeBins {
    static final int SCHEMA = 3;

    /** client_golang's default; no observation of the simulator but 0 lies as low. */
    static final double ZERO_THRESHOLD = Math.scalb(1.0, -128);

    private static final int PER_OCTAVE = 1 << SCHEMA;
    static final int FIRST_INDEX = -10 * PER_OCTAVE;
    private static final int LAST_INDEX = 12 * PER_OCTAVE;

    /** Cells: the zero bucket, then the bins. */
    static final int WIDTH = LAST_INDEX - FIRST_INDEX + 2;

    /** {@code UPPER[k] = 2^((k - 8) / 8)}: the bins' upper bounds inside [0.5, 1). */
    private static final double[] UPPER = new double[PER_OCTAVE];

    static {
        for (int k = 0; k < PER_OCTAVE; k++) {
            UPPER[k] = Math.pow(2, (k - PER_OCTAVE) / (double) PER_OCTAVE);
        }
    }

    private NativeBins() {}

    /** The cell of an observation. */
    static int cellOf(double value) {
        if (value <= ZERO_THRESHOLD) {
            return 0;
        }
        int exponent = Math.getExponent(value) + 1;
        double fraction = Math.scalb(value, -exponent);
        int part = 0;
        while (part < PER_OCTAVE && UPPER[part] < fraction) {
            part++;
        }
        int index = (exponent - 1) * PER_OCTAVE + part;
        return Math.min(Math.max(index, FIRST_INDEX), LAST_INDEX) - FIRST_INDEX + 1;
    }

    /** The index of a bin's cell. */
    static int indexOf(int cell) {
        return FIRST_INDEX + cell - 1;
    }
}
