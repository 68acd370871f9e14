package dev.weir.exposition;

import ch.randelshofer.fastdoubleparser.JavaDoubleParser;

/**
 * Numbers as both formats write them: decimal, with sign, point and exponent, or one of {@code NaN}, {@code Inf},
 * {@code Infinity} in any case. No hexadecimals, no underscores. Correctly rounded; too large is infinite.
 */
public final class Numbers {
    /** Up to so many digits, an integer and a power of ten are exact doubles. */
    private static final int EXACT_DIGITS = 15;

    private static final double[] POWERS_OF_TEN = {
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15
    };

    private Numbers() {}

    /** @throws NumberFormatException if the bytes are no number; without a message */
    public static double parse(byte[] bytes, int from, int to) {
        int pos = from;
        boolean negative = false;
        if (pos < to && (bytes[pos] == '-' || bytes[pos] == '+')) {
            negative = bytes[pos] == '-';
            pos++;
        }
        int first = pos;
        long digits = 0;
        int point = -1;
        for (; pos < to; pos++) {
            byte b = bytes[pos];
            if (b >= '0' && b <= '9') {
                digits = digits * 10 + (b - '0');
            } else if (b == '.' && point < 0) {
                point = pos;
            } else {
                break;
            }
        }
        int digitCount = pos - first - (point < 0 ? 0 : 1);
        if (pos == to && digitCount > 0 && digitCount <= EXACT_DIGITS) {
            // Both operands are exact, so that one division rounds correctly.
            double value = point < 0 ? (double) digits : digits / POWERS_OF_TEN[pos - point - 1];
            return negative ? -value : value;
        }
        if (digitCount == 0) {
            return parseWord(bytes, first, to, negative, first > from);
        }
        checkExponent(bytes, pos, to);
        return JavaDoubleParser.parseDouble(bytes, from, to - from);
    }

    /** An integer of at most 64 bits. @throws NumberFormatException if the bytes are none; without a message */
    public static long parseLong(byte[] bytes, int from, int to) {
        int pos = from;
        boolean negative = false;
        if (pos < to && (bytes[pos] == '-' || bytes[pos] == '+')) {
            negative = bytes[pos] == '-';
            pos++;
        }
        if (pos == to) {
            throw new NumberFormatException();
        }
        long value = 0;
        for (; pos < to; pos++) {
            int digit = bytes[pos] - '0';
            if (digit < 0 || digit > 9 || value < (Long.MIN_VALUE + digit) / 10) {
                throw new NumberFormatException();
            }
            // Counted downwards, since the least long has no positive.
            value = value * 10 - digit;
        }
        if (!negative && value == Long.MIN_VALUE) {
            throw new NumberFormatException();
        }
        return negative ? value : -value;
    }

    private static void checkExponent(byte[] bytes, int from, int to) {
        int pos = from;
        if (pos == to) {
            return;
        }
        if (bytes[pos] != 'e' && bytes[pos] != 'E') {
            throw new NumberFormatException();
        }
        pos++;
        if (pos < to && (bytes[pos] == '-' || bytes[pos] == '+')) {
            pos++;
        }
        if (pos == to) {
            throw new NumberFormatException();
        }
        for (; pos < to; pos++) {
            if (bytes[pos] < '0' || bytes[pos] > '9') {
                throw new NumberFormatException();
            }
        }
    }

    private static double parseWord(byte[] bytes, int from, int to, boolean negative, boolean signed) {
        if (isWord(bytes, from, to, "inf") || isWord(bytes, from, to, "infinity")) {
            return negative ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
        }
        if (!signed && isWord(bytes, from, to, "nan")) {
            return Double.NaN;
        }
        throw new NumberFormatException();
    }

    private static boolean isWord(byte[] bytes, int from, int to, String word) {
        if (to - from != word.length()) {
            return false;
        }
        for (int i = 0; i < word.length(); i++) {
            if ((bytes[from + i] | 0x20) != word.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
