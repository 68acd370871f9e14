package dev.weir.queryserver.store;

/** Reads what a {@link BitWriter} wrote. */
final class BitReader {
    private final byte[] bytes;
    private int position;

    BitReader(byte[] bytes) {
        this.bytes = bytes;
    }

    boolean readBit() {
        boolean bit = (bytes[position >>> 3] >>> (7 - (position & 7)) & 1) == 1;
        position++;
        return bit;
    }

    /** The next {@code count} bits, 1 to 64, as an unsigned number. */
    long read(int count) {
        long value = 0;
        int left = count;
        while (left > 0) {
            int used = position & 7;
            int taken = Math.min(8 - used, left);
            int part = (bytes[position >>> 3] & 0xff) >>> (8 - used - taken) & ((1 << taken) - 1);
            value = value << taken | part;
            position += taken;
            left -= taken;
        }
        return value;
    }
}
