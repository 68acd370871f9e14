package dev.weir.exposition.layout;

import dev.weir.exposition.ExpositionFormat;
import dev.weir.exposition.Numbers;
import dev.weir.exposition.Sample;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What successive pages of a target have in common: all bytes but the values and timestamps. A page is read against it by
 * comparing what stands between two numbers and parsing the numbers; whatever differs otherwise (a line more, a label, a
 * HELP text, a missing line feed) is no page of the layout. Space: the page's bytes. Immutable; may be shared by targets
 * and threads.
 *
 * <p>Guarantee: a page that {@link #read} accepts is one that the parser accepts, with the same lines in the same order,
 * and with the same numbers bit for bit. What follows from a line's other bytes does not depend on its numbers.
 */
public final class PageLayout {
    /** A number that takes more bytes is left to the parser. */
    static final int MAX_TOKEN_BYTES = 512;

    /** Up to so many digits, an integer and a power of ten are exact doubles. */
    private static final int EXACT_DIGITS = 15;

    private static final double[] POWERS_OF_TEN = {
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15
    };

    private final ExpositionFormat format;
    /** What stands before each token, one after the other, and behind the last. */
    private final byte[] constants;
    /** How many bytes stand before each token. */
    private final int[] lengths;

    private final int tailLength;
    /** Whether the token is its line's timestamp; null if none is. */
    private final boolean @Nullable [] timestamps;

    private final int lines;
    private final int hash;

    PageLayout(
            ExpositionFormat format,
            byte[] constants,
            int[] lengths,
            int tailLength,
            boolean @Nullable [] timestamps,
            int lines) {
        this.format = format;
        this.constants = constants;
        this.lengths = lengths;
        this.tailLength = tailLength;
        this.timestamps = timestamps;
        this.lines = lines;
        this.hash = Arrays.hashCode(constants);
    }

    /** How the pages are written. */
    public ExpositionFormat format() {
        return format;
    }

    /** The number of lines. */
    public int lines() {
        return lines;
    }

    /** The most of what it takes in memory. */
    public int sizeBytes() {
        return constants.length + lengths.length * Integer.BYTES + (timestamps == null ? 0 : timestamps.length);
    }

    /** Reads {@code length} bytes from {@code offset} on, and returns whether they are a page of this layout. */
    public boolean read(byte[] body, int offset, int length, LineValues into) {
        into.start(lines, timestamps != null);
        double[] values = into.values;
        int to = offset + length;
        int pos = offset;
        int constant = 0;
        int line = 0;
        for (int token = 0; token < lengths.length; token++) {
            int size = lengths[token];
            if (to - pos < size || Arrays.mismatch(constants, constant, constant + size, body, pos, pos + size) >= 0) {
                return false;
            }
            constant += size;
            pos += size;
            if (timestamps == null || !timestamps[token]) {
                pos = readValue(body, pos, to, values, line++);
            } else {
                pos = readTimestamp(body, pos, to, into.timestampsMs, line - 1);
            }
            if (pos < 0) {
                return false;
            }
        }
        return to - pos == tailLength && Arrays.mismatch(constants, constant, constant + tailLength, body, pos, to) < 0;
    }

    @Override
    public boolean equals(@Nullable Object o) {
        return o instanceof PageLayout other
                && format == other.format
                && lines == other.lines
                && tailLength == other.tailLength
                && Arrays.equals(lengths, other.lengths)
                && Arrays.equals(timestamps, other.timestamps)
                && Arrays.equals(constants, other.constants);
    }

    @Override
    public int hashCode() {
        return hash;
    }

    /** The position behind the value, or -1 if there is none. */
    private static int readValue(byte[] body, int from, int to, double[] values, int line) {
        int pos = from;
        long digits = 0;
        int digit = 0;
        while (pos < to && (digit = body[pos] - '0') >= 0 && digit <= 9) {
            digits = digits * 10 + digit;
            pos++;
        }
        int count = pos - from;
        int fraction = 0;
        if (pos < to && body[pos] == '.') {
            int point = pos++;
            while (pos < to && (digit = body[pos] - '0') >= 0 && digit <= 9) {
                digits = digits * 10 + digit;
                pos++;
            }
            fraction = pos - point - 1;
            count += fraction;
        }
        if (count == 0 || count > EXACT_DIGITS || (pos < to && body[pos] > ' ')) {
            return parseValue(body, from, to, values, line);
        }
        // Both operands are exact, so that one division rounds correctly.
        values[line] = fraction == 0 ? (double) digits : digits / POWERS_OF_TEN[fraction];
        return pos;
    }

    private static int parseValue(byte[] body, int from, int to, double[] values, int line) {
        int end = tokenEnd(body, from, to);
        try {
            values[line] = Numbers.parse(body, from, end);
            return end;
        } catch (NumberFormatException e) {
            return -1; // The parser says what is wrong with it.
        }
    }

    private static int readTimestamp(byte[] body, int from, int to, long[] timestampsMs, int line) {
        int end = tokenEnd(body, from, to);
        try {
            timestampsMs[line] = Numbers.parseLong(body, from, end);
            return timestampsMs[line] == Sample.NO_TIMESTAMP ? -1 : end;
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    private static int tokenEnd(byte[] body, int from, int to) {
        int most = Math.min(to, from + MAX_TOKEN_BYTES);
        int end = from;
        while (end < most && body[end] > ' ') {
            end++;
        }
        return end;
    }
}
