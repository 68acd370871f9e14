package dev.weir.queryserver.store;

import dev.weir.promql.storage.SampleColumns;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Reads what a {@link FloatAppender} wrote, a whole chunk in one loop. A sample takes one load of 64 bits where its time
 * comes when expected, and samples that repeat their predecessor, two bits each, are taken together.
 */
final class FloatDecoder {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    /** Bits that {@link #peek} gives at least: 64 less the 7 by which the first may be off a byte's start. */
    private static final int PEEKED = 57;

    /** Two bits each. */
    private static final int MAX_REPEATS = PEEKED / 2;

    private FloatDecoder() {}

    /** Appends those of the first {@code count} samples that have {@code fromMs <= t <= toMs}. */
    static void decode(byte[] bytes, int count, long fromMs, long toMs, SampleColumns into) {
        into.reserve(count);
        int start = into.size();
        long[] times = into.timestampsMs();
        double[] values = into.values();
        int at = start;
        long timeMs = peek(bytes, 0);
        long valueBits = peek(bytes, 64);
        long deltaMs = 0;
        int leading = 0;
        int meaningful = 0;
        int position = 128;
        for (int left = count; timeMs <= toMs; ) {
            if (timeMs >= fromMs) {
                times[at] = timeMs;
                values[at++] = Double.longBitsToDouble(valueBits);
            }
            if (--left == 0) {
                break;
            }
            long word = peek(bytes, position);
            if (word >>> 62 == 0) {
                int repeats = Math.min(Math.min(Long.numberOfLeadingZeros(word) >>> 1, MAX_REPEATS), left);
                position += 2 * repeats;
                double value = Double.longBitsToDouble(valueBits);
                for (; repeats > 1 && timeMs + deltaMs <= toMs; repeats--) {
                    timeMs += deltaMs;
                    left--;
                    if (timeMs >= fromMs) {
                        times[at] = timeMs;
                        values[at++] = value;
                    }
                }
                timeMs += deltaMs;
                continue;
            }
            if (word >= 0) {
                word <<= 1;
                position++;
            } else {
                int timeClass = Math.min(Long.numberOfLeadingZeros(~word), TimeClasses.COUNT) - 1;
                int width = TimeClasses.width(timeClass);
                position += TimeClasses.headerBits(timeClass);
                deltaMs += bits(bytes, position, width) << (64 - width) >> (64 - width);
                position += width;
                word = peek(bytes, position);
            }
            timeMs += deltaMs;
            if (word >= 0) {
                position++;
                continue;
            }
            if (word << 1 >= 0) {
                position += 2;
            } else {
                leading = (int) (word >>> 57) & 31;
                meaningful = ((int) (word >>> 51) & 63) + 1;
                position += 13;
            }
            valueBits ^= bits(bytes, position, meaningful) << (64 - leading - meaningful);
            position += meaningful;
        }
        into.addReserved(at - start);
    }

    /** The next bits, 1 to 64, as an unsigned number. */
    private static long bits(byte[] bytes, int position, int count) {
        if (count <= PEEKED) {
            return peek(bytes, position) >>> (64 - count);
        }
        int low = count - 32;
        return bits(bytes, position, 32) << low | bits(bytes, position + 32, low);
    }

    /** The bits from {@code position} on, the first one highest: at least {@link #PEEKED}, 64 at a byte's start. */
    private static long peek(byte[] bytes, int position) {
        int at = position >>> 3;
        long word = 0;
        if (at <= bytes.length - Long.BYTES) {
            word = (long) LONGS.get(bytes, at);
        } else {
            for (int i = at; i < bytes.length; i++) {
                word |= (bytes[i] & 0xffL) << (56 - 8 * (i - at));
            }
        }
        return word << (position & 7);
    }
}
