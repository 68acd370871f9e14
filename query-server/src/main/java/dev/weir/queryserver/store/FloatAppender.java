package dev.weir.queryserver.store;

import java.util.Arrays;

/**
 * Compresses samples as they come: times as differences of differences, values as XOR with their predecessor (Pelkonen et
 * al., "Gorilla: A Fast, Scalable, In-Memory Time Series Database", VLDB 2015, sections 4.1.1 and 4.1.2, with wider time
 * classes for milliseconds). A value's bits survive exactly, those of a NaN too.
 */
final class FloatAppender implements ChunkAppender {
    private static final int INITIAL_BYTES = 32;

    private final BitWriter bits = new BitWriter(INITIAL_BYTES);
    private int count;
    private long firstMs;
    private long lastMs;
    private long lastDeltaMs;
    private long lastValueBits;
    private int leading = -1;
    private int meaningful;

    @Override
    public int count() {
        return count;
    }

    @Override
    public int allocatedBytes() {
        return bits.bytes().length;
    }

    /** Appends a sample, later than all before it. */
    void append(long timestampMs, double value) {
        long valueBits = Double.doubleToRawLongBits(value);
        if (count == 0) {
            bits.write(timestampMs, 64);
            bits.write(valueBits, 64);
            firstMs = timestampMs;
        } else {
            long deltaMs = timestampMs - lastMs;
            appendTime(deltaMs - lastDeltaMs);
            appendValue(valueBits ^ lastValueBits);
            lastDeltaMs = deltaMs;
        }
        lastMs = timestampMs;
        lastValueBits = valueBits;
        count++;
    }

    @Override
    public FloatChunk soFar() {
        return new FloatChunk(bits.bytes(), count, firstMs, lastMs);
    }

    @Override
    public FloatChunk sealed() {
        return new FloatChunk(Arrays.copyOf(bits.bytes(), bits.sizeBytes()), count, firstMs, lastMs);
    }

    private void appendTime(long change) {
        if (change == 0) {
            bits.writeBit(false);
            return;
        }
        int timeClass = 0;
        while (!fits(change, TimeClasses.width(timeClass))) {
            timeClass++;
        }
        int announcing = TimeClasses.headerBits(timeClass);
        long ones = (1L << announcing) - 1;
        bits.write(timeClass < TimeClasses.COUNT - 1 ? ones - 1 : ones, announcing);
        bits.write(change, TimeClasses.width(timeClass));
    }

    private static boolean fits(long change, int width) {
        return change << (64 - width) >> (64 - width) == change;
    }

    private void appendValue(long xor) {
        if (xor == 0) {
            bits.writeBit(false);
            return;
        }
        bits.writeBit(true);
        int newLeading = Math.min(Long.numberOfLeadingZeros(xor), 31);
        int trailing = Long.numberOfTrailingZeros(xor);
        if (leading >= 0 && newLeading >= leading && trailing >= 64 - leading - meaningful) {
            bits.writeBit(false);
        } else {
            bits.writeBit(true);
            leading = newLeading;
            meaningful = 64 - newLeading - trailing;
            bits.write(leading, 5);
            // 1 to 64 in six bits.
            bits.write(meaningful - 1, 6);
        }
        bits.write(xor >>> (64 - leading - meaningful), meaningful);
    }
}
