package dev.weir.queryserver.store.chunk;

import dev.weir.queryserver.encoding.ByteReader;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The newest samples of a series, too few for a {@link FloatBlock}, one after another. Each can be written and read without
 * those before it being packed anew: it is told as its difference to {@code baseValue} and to when it is expected.
 *
 * <p>A sample is one number (unsigned LEB128), whose two low bits are flags:
 *
 * <ul>
 *   <li>{@link #IS_WHOLE}: the bits above the flags are its value less the base, zigzagged; else the 8 bytes of its value
 *       follow;
 *   <li>{@link #IS_ON_TIME}: it has the time at which it is expected; else its time less that follows (signed LEB128).
 * </ul>
 *
 * @param bytes at least those of the samples
 * @param firstMs when the first sample is expected
 * @param stepMs how long after the one before each other one is
 */
@SuppressWarnings("ArrayRecordComponent")
record FloatTail(byte[] bytes, double baseValue, long firstMs, int stepMs) {
    static final FloatTail NONE = new FloatTail(new byte[0], 0, 0, 0);

    private static final VarHandle DOUBLES =
            MethodHandles.byteArrayViewVarHandle(double[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int IS_WHOLE = 1;
    private static final int IS_ON_TIME = 2;
    private static final int FLAG_BITS = 2;
    private static final int NUMBER_BITS = 7;

    /** The bytes that {@link #write} takes for a sample. */
    int sizeOf(int index, long timestampMs, double value) {
        long lateMs = timestampMs - expectedMs(index);
        long head = head(lateMs, value);
        return sizeOf(head)
                + ((head & IS_WHOLE) != 0 ? 0 : Double.BYTES)
                + ((head & IS_ON_TIME) != 0 ? 0 : sizeOf(zigzag(lateMs)));
    }

    /** Writes a sample at this place of these bytes. */
    void write(byte[] into, int at, int index, long timestampMs, double value) {
        long lateMs = timestampMs - expectedMs(index);
        long head = head(lateMs, value);
        int end = write(head, into, at);
        if ((head & IS_WHOLE) == 0) {
            DOUBLES.set(into, end, value);
            end += Double.BYTES;
        }
        if ((head & IS_ON_TIME) == 0) {
            end = write(zigzag(lateMs), into, end);
        }
    }

    /** Reads the first {@code count} samples to {@code at} and after. */
    void read(int count, long[] timesMs, double[] values, int at) {
        ByteReader in = new ByteReader(bytes);
        for (int i = 0; i < count; i++) {
            long head = in.readUnsigned();
            long zigzagged = head >>> FLAG_BITS;
            values[at + i] =
                    (head & IS_WHOLE) == 0 ? in.readDouble() : (long) baseValue + (zigzagged >>> 1 ^ -(zigzagged & 1));
            timesMs[at + i] = expectedMs(i) + ((head & IS_ON_TIME) != 0 ? 0 : in.readSigned());
        }
    }

    private long expectedMs(int index) {
        return firstMs + (long) stepMs * index;
    }

    private long head(long lateMs, double value) {
        int onTime = lateMs == 0 ? IS_ON_TIME : 0;
        return FloatBlock.isWhole(value) && FloatBlock.isWhole(baseValue)
                ? zigzag((long) value - (long) baseValue) << FLAG_BITS | IS_WHOLE | onTime
                : onTime;
    }

    private static long zigzag(long number) {
        return number << 1 ^ number >> 63;
    }

    private static int sizeOf(long number) {
        return (Long.SIZE - Long.numberOfLeadingZeros(number | 1) + NUMBER_BITS - 1) / NUMBER_BITS;
    }

    private static int write(long number, byte[] into, int at) {
        int end = at;
        long rest = number;
        while ((rest & -1L << NUMBER_BITS) != 0) {
            into[end++] = (byte) (rest | 1 << NUMBER_BITS);
            rest >>>= NUMBER_BITS;
        }
        into[end++] = (byte) rest;
        return end;
    }
}
