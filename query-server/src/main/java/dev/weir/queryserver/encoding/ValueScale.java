package dev.weir.queryserver.encoding;

/**
 * How values of a series stand for whole numbers, which are then stored: by 0 to {@value #MAX_EXPONENT}, the power of ten
 * that they are multiplied with, or by {@link #BITS}, their bits as a number that grows with the value.
 */
final class ValueScale {
    static final int MAX_EXPONENT = 15;
    static final int BITS = 16;

    private static final double[] POWERS = {
        1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15
    };

    /** Up to here every whole number is a float. */
    private static final double MAX_WHOLE = 1L << 53;

    private static final int NONE = -1;

    private ValueScale() {}

    /** Whether the value comes back, to the bit, from its number. */
    static boolean fits(double value, int scale) {
        if (scale == BITS) {
            return true;
        }
        double scaled = Math.rint(value * POWERS[scale]);
        return Math.abs(scaled) <= MAX_WHOLE
                && Double.doubleToRawLongBits((double) (long) scaled / POWERS[scale])
                        == Double.doubleToRawLongBits(value);
    }

    static long toNumber(double value, int scale) {
        if (scale == BITS) {
            long bits = Double.doubleToRawLongBits(value);
            return bits ^ bits >> 63 >>> 1;
        }
        return (long) Math.rint(value * POWERS[scale]);
    }

    /** Writes the values of {@code count} numbers. */
    static void toValues(long[] numbers, int count, int scale, double[] into, int at) {
        if (scale == 0) {
            for (int i = 0; i < count; i++) {
                into[at + i] = numbers[i];
            }
        } else if (scale == BITS) {
            for (int i = 0; i < count; i++) {
                into[at + i] = Double.longBitsToDouble(numbers[i] ^ numbers[i] >> 63 >>> 1);
            }
        } else {
            double power = POWERS[scale];
            for (int i = 0; i < count; i++) {
                into[at + i] = numbers[i] / power;
            }
        }
    }

    /** The least scale that fits all but at most {@code maxOdd} of the values. */
    static int of(double[] values, int count, int maxOdd) {
        int greatest = 0;
        int odd = 0;
        for (int i = 0; i < count; i++) {
            if (!fits(values[i], greatest)) {
                int exponent = exponentOf(values[i], greatest);
                if (exponent == NONE) {
                    odd++;
                } else {
                    greatest = exponent;
                }
            }
            if (odd > maxOdd) {
                return BITS;
            }
        }
        return greatest == 0 || oddOnes(values, count, greatest) <= maxOdd ? greatest : BITS;
    }

    private static int exponentOf(double value, int above) {
        if (!Double.isFinite(value)) {
            return NONE;
        }
        for (int exponent = above + 1; exponent <= MAX_EXPONENT; exponent++) {
            if (fits(value, exponent)) {
                return exponent;
            }
        }
        return NONE;
    }

    private static int oddOnes(double[] values, int count, int scale) {
        int odd = 0;
        for (int i = 0; i < count; i++) {
            odd += fits(values[i], scale) ? 0 : 1;
        }
        return odd;
    }
}
