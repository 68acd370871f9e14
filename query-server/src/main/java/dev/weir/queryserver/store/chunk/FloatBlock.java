package dev.weir.queryserver.store.chunk;

import dev.weir.queryserver.encoding.BitPacking;
import dev.weir.queryserver.encoding.ByteWriter;

/**
 * How samples lie in a {@link FloatChunk}: in blocks of {@value #SAMPLES}, only the last of which may have fewer, each
 * its times and then its values. Numbers of a block are packed: what each has above the least of them, in as many bits as
 * the greatest needs, low bits first, to a full byte. So a block is read by a loop without branches.
 *
 * <p>Times: one byte, {@link #AS_BEFORE} if every interval is the one before the block, else the width in bits, and after
 * it the least interval (ms, signed LEB128) and the packed intervals. Values: one byte, the width, and
 *
 * <ul>
 *   <li>if they and the one before are whole numbers: the least difference (signed LEB128) and the packed differences;
 *   <li>else {@link #XORED} is added to the width, and there follow one byte, the number of low bits that are zero in all of
 *       them, and the packed XOR of each with the one before, less those bits.
 * </ul>
 *
 * <p>A value's bits survive exactly, those of a NaN too.
 */
final class FloatBlock {
    static final int SAMPLES = 16;

    /** What the loops that read may load beyond the last byte. */
    static final int PADDING_BYTES = 8;

    static final int AS_BEFORE = 0xff;
    static final int XORED = 0x80;

    /** The widest number of which one load of 64 bits has all bits, wherever in a byte it begins. */
    static final int MAX_LOADED_BITS = 57;

    /** Up to here, every whole number is a float and the difference of two of them is a long. */
    private static final double MAX_WHOLE = 1L << 53;

    private FloatBlock() {}

    /** Whether the float is a whole number that a long gives back. */
    static boolean isWhole(double value) {
        return value == Math.rint(value)
                && Math.abs(value) <= MAX_WHOLE
                && Double.doubleToRawLongBits(value) != Double.doubleToRawLongBits(-0.0);
    }

    /** @param intervalsMs of each sample from the one before */
    static void writeTimes(long[] intervalsMs, int count, long intervalBeforeMs, ByteWriter into) {
        boolean isAsBefore = true;
        for (int i = 0; i < count; i++) {
            isAsBefore &= intervalsMs[i] == intervalBeforeMs;
        }
        if (isAsBefore) {
            into.writeByte(AS_BEFORE);
        } else {
            writeAboveLeast(intervalsMs, count, into);
        }
    }

    static void writeValues(double[] values, int count, double before, ByteWriter into) {
        boolean areWhole = isWhole(before);
        for (int i = 0; i < count; i++) {
            areWhole &= isWhole(values[i]);
        }
        long[] numbers = new long[count];
        if (areWhole) {
            for (int i = 0; i < count; i++) {
                numbers[i] = (long) values[i] - (long) (i == 0 ? before : values[i - 1]);
            }
            writeAboveLeast(numbers, count, into);
            return;
        }
        long used = 0;
        for (int i = 0; i < count; i++) {
            numbers[i] =
                    Double.doubleToRawLongBits(values[i]) ^ Double.doubleToRawLongBits(i == 0 ? before : values[i - 1]);
            used |= numbers[i];
        }
        int shift = used == 0 ? 0 : Long.numberOfTrailingZeros(used);
        int width = used == 0 ? 0 : 64 - Long.numberOfLeadingZeros(used) - shift;
        into.writeByte(XORED | width);
        into.writeByte(shift);
        BitPacking.pack(numbers, count, 0, shift, width, into);
    }

    private static void writeAboveLeast(long[] numbers, int count, ByteWriter into) {
        long least = numbers[0];
        for (int i = 1; i < count; i++) {
            least = Math.min(least, numbers[i]);
        }
        long used = 0;
        for (int i = 0; i < count; i++) {
            used |= numbers[i] - least;
        }
        int width = 64 - Long.numberOfLeadingZeros(used);
        into.writeByte(width);
        into.writeSigned(least);
        BitPacking.pack(numbers, count, least, 0, width, into);
    }
}
