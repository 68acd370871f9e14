package dev.weir.exposition;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.security.SecureRandom;

/** Hashes ranges of bytes, eight at a time, because a page's label sets are most of what a parser looks at. */
final class ByteHash {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    /** Drawn for each process, so that no page can be made to collide with itself. Odd. */
    private static final long SECRET = new SecureRandom().nextLong() | 1;

    private ByteHash() {}

    static int of(byte[] bytes, int from, int to) {
        long hash = SECRET ^ (to - from);
        int pos = from;
        for (; pos + Long.BYTES <= to; pos += Long.BYTES) {
            hash = mix(hash ^ (long) LONGS.get(bytes, pos));
        }
        long tail = 0;
        for (; pos < to; pos++) {
            tail = (tail << 8) | (bytes[pos] & 0xff);
        }
        hash = mix(hash ^ tail);
        return (int) (hash ^ (hash >>> 32));
    }

    /** Whether all bytes are ASCII. */
    static boolean isAscii(byte[] bytes, int from, int to) {
        for (int pos = from; pos < to; pos++) {
            if (bytes[pos] < 0) {
                return false;
            }
        }
        return true;
    }

    /** Both halves of the product of 128 bits: a bit of the input reaches every bit of the output. */
    private static long mix(long bits) {
        return bits * SECRET ^ Math.multiplyHigh(bits, SECRET);
    }
}
