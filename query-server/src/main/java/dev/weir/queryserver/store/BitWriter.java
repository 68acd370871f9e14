package dev.weir.queryserver.store;

import java.util.Arrays;

/**
 * A growing run of bits, most significant first. Bits once written never change, so whoever remembers a bit count may
 * read that far in {@link #bytes} while more is written.
 */
final class BitWriter {
    private byte[] bytes;
    private int bitCount;

    BitWriter(int initialBytes) {
        this.bytes = new byte[initialBytes];
    }

    byte[] bytes() {
        return bytes;
    }

    int sizeBytes() {
        return (bitCount + 7) >>> 3;
    }

    void writeBit(boolean bit) {
        write(bit ? 1 : 0, 1);
    }

    /** Appends the lowest {@code count} bits of {@code value}, 1 to 64. */
    void write(long value, int count) {
        int needed = (bitCount + count + 7) >>> 3;
        if (needed > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(needed, bytes.length * 2));
        }
        int left = count;
        while (left > 0) {
            int used = bitCount & 7;
            int taken = Math.min(8 - used, left);
            int part = (int) (value >>> (left - taken)) & ((1 << taken) - 1);
            int at = bitCount >>> 3;
            bytes[at] = (byte) (bytes[at] | part << (8 - used - taken));
            bitCount += taken;
            left -= taken;
        }
    }
}
