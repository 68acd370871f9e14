package dev.weir.aggregation.state;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Stores doubles of any kind, bit for bit, and those that are integers as the difference from the one before: mostly a byte,
 * for the counts of a target's buckets, so that a checkpoint has a sixth of the bytes to compress and write.
 */
public final class CountColumn {
    private static final int PLAIN = 0;
    private static final int DIFFERENCES = 1;

    /** Every integer up to here, and the difference of any two, is exact as both a double and a long. */
    private static final double LARGEST = 9_007_199_254_740_992.0;

    private static final int MOST_BYTES_OF_ONE = 9;

    private CountColumn() {}

    public static void write(DataOutput out, double[] values) throws IOException {
        byte[] differences = differences(values);
        out.writeByte(differences == null ? PLAIN : DIFFERENCES);
        if (differences == null) {
            StateIo.writeDoubles(out, values);
        } else {
            out.writeInt(values.length);
            StateIo.writeBytes(out, differences);
        }
    }

    public static double[] read(DataInput in) throws IOException {
        int kind = in.readByte();
        return switch (kind) {
            case PLAIN -> StateIo.readDoubles(in);
            case DIFFERENCES -> values(new double[in.readInt()], StateIo.readBytes(in));
            default -> throw new IOException("column of counts: kind " + kind + " (expected: 0 or 1)");
        };
    }

    /** Zigzag varints; null if some value is no integer, or too large. */
    private static byte @Nullable [] differences(double[] values) {
        byte[] bytes = new byte[values.length * 2 + MOST_BYTES_OF_ONE];
        int size = 0;
        long former = 0;
        for (double value : values) {
            long integer = (long) value;
            if (!(Math.abs(value) <= LARGEST)
                    || Double.doubleToRawLongBits(value) != Double.doubleToRawLongBits((double) integer)) {
                return null;
            }
            if (bytes.length - size < MOST_BYTES_OF_ONE) {
                bytes = Arrays.copyOf(bytes, 2 * bytes.length);
            }
            long difference = integer - former;
            long zigzag = (difference << 1) ^ (difference >> 63);
            while (zigzag >>> 7 != 0) {
                bytes[size++] = (byte) (zigzag | 0x80);
                zigzag >>>= 7;
            }
            bytes[size++] = (byte) zigzag;
            former = integer;
        }
        return Arrays.copyOf(bytes, size);
    }

    private static double[] values(double[] values, byte[] differences) throws IOException {
        int at = 0;
        long former = 0;
        for (int i = 0; i < values.length; i++) {
            long zigzag = 0;
            int shift = 0;
            byte next;
            do {
                if (at == differences.length || shift >= 7 * MOST_BYTES_OF_ONE) {
                    throw new IOException("column of counts: damaged at byte " + at + " of " + differences.length);
                }
                next = differences[at++];
                zigzag |= (next & 0x7FL) << shift;
                shift += 7;
            } while (next < 0);
            former += (zigzag >>> 1) ^ -(zigzag & 1);
            values[i] = (double) former;
        }
        return values;
    }
}
