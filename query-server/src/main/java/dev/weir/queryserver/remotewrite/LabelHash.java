package dev.weir.queryserver.remotewrite;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;

/**
 * A hash of bytes that stands for them: the polynomial whose coefficients they are, seven bytes each, at two secret points of
 * the field of 2^61 - 1 elements. Two texts of n bytes have the same hash with a probability of (n / 7 / 2^61)^2, whoever
 * chose them: below 2^-100 for labels of 8 KiB.
 *
 * <p>A row of such hashes has a hash of its own: the polynomial whose coefficients they are, at two further points.
 *
 * <p>The points are drawn when the process starts; an instance hashes what belongs to one project, and is not thread-safe.
 */
final class LabelHash {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    static final long PRIME = (1L << 61) - 1;
    private static final int WORD_BYTES = 7;
    private static final long WORD_MASK = -1L >>> 8;
    static final long FIRST_POINT;
    static final long SECOND_POINT;
    private static final long FIRST_POINT_SQUARED;
    private static final long SECOND_POINT_SQUARED;
    private static final long FIRST_POINT_OF_ROW;
    private static final long SECOND_POINT_OF_ROW;

    static {
        SecureRandom random = new SecureRandom();
        FIRST_POINT = random.nextLong() >>> 3;
        SECOND_POINT = random.nextLong() >>> 3;
        FIRST_POINT_SQUARED = reduced(times(FIRST_POINT, FIRST_POINT));
        SECOND_POINT_SQUARED = reduced(times(SECOND_POINT, SECOND_POINT));
        FIRST_POINT_OF_ROW = random.nextLong() >>> 3;
        SECOND_POINT_OF_ROW = random.nextLong() >>> 3;
    }

    private final long firstOfProject;
    private final long secondOfProject;
    private long first;
    private long second;

    /** @param project null stands for one of its own */
    LabelHash(@Nullable String project) {
        byte[] name = project == null ? new byte[0] : project.getBytes(StandardCharsets.UTF_8);
        add(name, 0, name.length);
        firstOfProject = times(first + (project == null ? 1 : 2), FIRST_POINT);
        secondOfProject = times(second + (project == null ? 1 : 2), SECOND_POINT);
    }

    /** Hashes the bytes from {@code from} to {@code to}, exclusive. */
    void of(byte[] bytes, int from, int to) {
        first = firstOfProject;
        second = secondOfProject;
        add(bytes, from, to);
    }

    /** Begins a row, which no text hashes to either. */
    void beginRow() {
        first = firstOfProject + 1;
        second = secondOfProject + 1;
    }

    /** Adds one that was hashed to the row. */
    void addToRow(long firstOfOne, long secondOfOne) {
        first = times(first + firstOfOne, FIRST_POINT_OF_ROW);
        second = times(second + secondOfOne, SECOND_POINT_OF_ROW);
    }

    void endRow(int length) {
        first = reduced(times(first + length, FIRST_POINT_OF_ROW));
        second = reduced(times(second + length, SECOND_POINT_OF_ROW));
    }

    long first() {
        return first;
    }

    long second() {
        return second;
    }

    private void add(byte[] bytes, int from, int to) {
        long a = first;
        long b = second;
        int at = from;
        int safe = Math.min(to - WORD_BYTES, bytes.length - Long.BYTES);
        // Two at a time, so that only every other product waits for the one before.
        for (; at <= safe - WORD_BYTES; at += 2 * WORD_BYTES) {
            long word = (long) LONGS.get(bytes, at) & WORD_MASK;
            long next = (long) LONGS.get(bytes, at + WORD_BYTES) & WORD_MASK;
            a = times(a + word, FIRST_POINT_SQUARED) + times(next, FIRST_POINT);
            b = times(b + word, SECOND_POINT_SQUARED) + times(next, SECOND_POINT);
        }
        for (; at <= safe; at += WORD_BYTES) {
            long word = (long) LONGS.get(bytes, at) & WORD_MASK;
            a = times(a + word, FIRST_POINT);
            b = times(b + word, SECOND_POINT);
        }
        while (at < to) {
            long word = 0;
            for (int i = 0; i < WORD_BYTES && at < to; i++) {
                word |= (bytes[at++] & 0xffL) << (Byte.SIZE * i);
            }
            a = times(a + word, FIRST_POINT);
            b = times(b + word, SECOND_POINT);
        }
        first = reduced(times(a + (to - from), FIRST_POINT));
        second = reduced(times(b + (to - from), SECOND_POINT));
    }

    /** The product modulo the prime, up to twice that; {@code a} below 2^63, {@code b} below 2^61. */
    private static long times(long a, long b) {
        long low = a * b;
        long sum = (low & PRIME) + (Math.multiplyHigh(a, b) << 3 | low >>> 61);
        return (sum & PRIME) + (sum >>> 61);
    }

    private static long reduced(long number) {
        return number >= PRIME ? number - PRIME : number;
    }
}
