package dev.weir.queryserver.encoding;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Numbers of equal width in bits, one after the other, low bits first, to a full byte. */
public final class BitPacking {
    /** The widest number of which one load of 64 bits has all bits, wherever in a byte it begins. */
    static final int MAX_LOADED_BITS = 57;

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private BitPacking() {}

    static int bytes(int count, int width) {
        return (count * width + 7) >>> 3;
    }

    static void pack(long[] numbers, int count, int width, ByteWriter into) {
        pack(numbers, count, 0, 0, width, into);
    }

    /** Packs {@code (number - least) >>> shift} of each of the first {@code count} numbers. */
    public static void pack(long[] numbers, int count, long least, int shift, int width, ByteWriter into) {
        int filled = 0;
        int open = 0;
        for (int i = 0; i < count; i++) {
            long number = (numbers[i] - least) >>> shift;
            for (int left = width; left > 0; ) {
                int taken = Math.min(8 - filled, left);
                open |= (int) (number & ((1 << taken) - 1)) << filled;
                number >>>= taken;
                left -= taken;
                filled += taken;
                if (filled == 8) {
                    into.writeByte(open);
                    open = 0;
                    filled = 0;
                }
            }
        }
        if (filled > 0) {
            into.writeByte(open);
        }
    }

    /**
     * Reads {@code count} numbers of up to 64 bits.
     *
     * @param bytes with 8 more after the last that is read
     */
    static void unpack(byte[] bytes, int from, int count, int width, long[] into) {
        if (width == 0) {
            for (int i = 0; i < count; i++) {
                into[i] = 0;
            }
            return;
        }
        int bit = 0;
        if (width <= MAX_LOADED_BITS) {
            long mask = -1L >>> (64 - width);
            for (int i = 0; i < count; i++, bit += width) {
                into[i] = load(bytes, from + (bit >>> 3)) >>> (bit & 7) & mask;
            }
            return;
        }
        long highMask = -1L >>> (96 - width);
        for (int i = 0; i < count; i++, bit += width) {
            long low = load(bytes, from + (bit >>> 3)) >>> (bit & 7) & 0xffff_ffffL;
            int highBit = bit + 32;
            into[i] = low | (load(bytes, from + (highBit >>> 3)) >>> (highBit & 7) & highMask) << 32;
        }
    }

    private static long load(byte[] bytes, int at) {
        return (long) LONGS.get(bytes, at);
    }
}
