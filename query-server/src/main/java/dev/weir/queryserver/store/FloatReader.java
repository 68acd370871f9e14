package dev.weir.queryserver.store;

/** Reads the samples of a {@link FloatAppender} in order. */
final class FloatReader {
    private final BitReader bits;
    private final int count;
    private int read;
    private long timestampMs;
    private long deltaMs;
    private long valueBits;
    private int leading;
    private int meaningful;

    FloatReader(byte[] bytes, int count) {
        this.bits = new BitReader(bytes);
        this.count = count;
    }

    /** Moves to the next sample, if there is one. */
    boolean next() {
        if (read == count) {
            return false;
        }
        if (read == 0) {
            timestampMs = bits.read(64);
            valueBits = bits.read(64);
        } else {
            deltaMs += readTimeChange();
            timestampMs += deltaMs;
            valueBits ^= readXor();
        }
        read++;
        return true;
    }

    long timestampMs() {
        return timestampMs;
    }

    double value() {
        return Double.longBitsToDouble(valueBits);
    }

    long valueBits() {
        return valueBits;
    }

    private long readTimeChange() {
        if (!bits.readBit()) {
            return 0;
        }
        for (int i = 0; i < TimeClasses.COUNT; i++) {
            if (!bits.readBit()) {
                int width = TimeClasses.width(i);
                return bits.read(width) << (64 - width) >> (64 - width);
            }
        }
        return bits.read(64);
    }

    private long readXor() {
        if (!bits.readBit()) {
            return 0;
        }
        if (bits.readBit()) {
            leading = (int) bits.read(5);
            meaningful = (int) bits.read(6) + 1;
        }
        return bits.read(meaningful) << (64 - leading - meaningful);
    }
}
