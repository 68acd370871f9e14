package dev.weir.exposition;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Hashes ranges of bytes, eight at a time, because a page's label sets are most of what a parser looks at. */
final class ByteHash {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    /** The golden ratio's bits: odd, and without pattern. */
    private static final long MULTIPLIER = 0x9e3779b97f4a7c15L;

    private ByteHash() {}

    static int of(byte[] bytes, int from, int to) {
        long hash = (long) to - from;
        int pos = from;
        for (; pos + Long.BYTES <= to; pos += Long.BYTES) {
            hash = mix(hash ^ (long) LONGS.get(bytes, pos));
        }
        long tail = 0;
        for (; pos < to; pos++) {
            tail = (tail << 8) | (bytes[pos] & 0xff);
        }
        hash = mix(hash ^ tail);
        return (int) hash;
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

    private static long mix(long bits) {
        long product = bits * MULTIPLIER;
        return product ^ (product >>> 32);
    }
}
