package dev.weir.queryserver.store.chunk;

import dev.weir.promql.storage.SampleColumns;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Reads a {@link FloatChunk} into columns, once. */
final class FloatDecoder {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final FloatChunk chunk;
    private final byte[] bytes;
    private final SampleColumns into;
    private final long[] times;
    private final double[] values;
    private int position;
    private long timeMs;
    private long intervalMs;
    private double value;

    FloatDecoder(FloatChunk chunk, SampleColumns into) {
        this.chunk = chunk;
        this.bytes = chunk.bytes();
        this.into = into;
        // The last block is read whole, even if the chunk shows less of it.
        into.reserve(chunk.count() + FloatBlock.SAMPLES);
        this.times = into.timestampsMs();
        this.values = into.values();
    }

    /** Appends the samples that have {@code fromMs <= t <= toMs}. */
    void decode(long fromMs, long toMs) {
        int start = into.size();
        int end = start + Math.min(unpack(start, toMs), chunk.count());
        int from = start;
        while (from < end && times[from] < fromMs) {
            from++;
        }
        while (end > from && times[end - 1] > toMs) {
            end--;
        }
        if (from > start) {
            System.arraycopy(times, from, times, start, end - from);
            System.arraycopy(values, from, values, start, end - from);
        }
        into.addReserved(end - from);
    }

    /** Writes at least the samples up to {@code toMs}. Returns how many. */
    private int unpack(int start, long toMs) {
        int packed = Math.min(chunk.packedCount(), chunk.count());
        int done = 0;
        if (packed > 0) {
            timeMs = load(0);
            value = Double.longBitsToDouble(load(8));
            position = 16;
        }
        while (done < packed) {
            int count = Math.min(FloatBlock.SAMPLES, chunk.packedCount() - done);
            readTimes(start + done, count);
            readValues(start + done, count);
            done += count;
            if (timeMs > toMs) {
                return done;
            }
        }
        if (done < chunk.count()) {
            chunk.tail().read(chunk.count() - done, times, values, start + done);
            done = chunk.count();
        }
        return done;
    }

    private void readTimes(int from, int count) {
        int width = bytes[position++] & 0xff;
        long time = timeMs;
        if (width == FloatBlock.AS_BEFORE || width == 0) {
            long interval = width == 0 ? readSigned() : intervalMs;
            for (int i = from; i < from + count; i++) {
                time += interval;
                times[i] = time;
            }
            intervalMs = interval;
        } else {
            long least = readSigned();
            int bit = position << 3;
            long mask = -1L >>> (64 - width);
            if (width <= FloatBlock.MAX_LOADED_BITS) {
                for (int i = from; i < from + count; i++, bit += width) {
                    time += least + (load(bit >>> 3) >>> (bit & 7) & mask);
                    times[i] = time;
                }
            } else {
                for (int i = from; i < from + count; i++, bit += width) {
                    time += least + wide(bit, width);
                    times[i] = time;
                }
            }
            position += (width * count + 7) >>> 3;
            intervalMs = time - (count > 1 ? times[from + count - 2] : timeMs);
        }
        timeMs = time;
    }

    private void readValues(int from, int count) {
        int width = bytes[position++] & 0xff;
        if (width >= FloatBlock.XORED) {
            readXored(from, count, width - FloatBlock.XORED);
            return;
        }
        long least = readSigned();
        long whole = (long) value;
        if (width == 0) {
            for (int i = from; i < from + count; i++) {
                whole += least;
                values[i] = whole;
            }
        } else {
            // Differences of whole numbers up to 2^53 are never wider than one load.
            int bit = position << 3;
            long mask = -1L >>> (64 - width);
            for (int i = from; i < from + count; i++, bit += width) {
                whole += least + (load(bit >>> 3) >>> (bit & 7) & mask);
                values[i] = whole;
            }
            position += (width * count + 7) >>> 3;
        }
        value = whole;
    }

    private void readXored(int from, int count, int width) {
        int shift = bytes[position++];
        long valueBits = Double.doubleToRawLongBits(value);
        int bit = position << 3;
        if (width == 0) {
            for (int i = from; i < from + count; i++) {
                values[i] = value;
            }
            return;
        }
        long mask = -1L >>> (64 - width);
        for (int i = from; i < from + count; i++, bit += width) {
            long xor = width <= FloatBlock.MAX_LOADED_BITS ? load(bit >>> 3) >>> (bit & 7) & mask : wide(bit, width);
            valueBits ^= xor << shift;
            values[i] = Double.longBitsToDouble(valueBits);
        }
        position += (width * count + 7) >>> 3;
        value = Double.longBitsToDouble(valueBits);
    }

    /** A number of more than {@link FloatBlock#MAX_LOADED_BITS} bits. */
    private long wide(int bit, int width) {
        long low = load(bit >>> 3) >>> (bit & 7) & 0xffff_ffffL;
        int highBit = bit + 32;
        return low | (load(highBit >>> 3) >>> (highBit & 7) & -1L >>> (96 - width)) << 32;
    }

    private long load(int at) {
        return (long) LONGS.get(bytes, at);
    }

    private long readSigned() {
        long number = 0;
        byte next;
        int shift = 0;
        do {
            next = bytes[position++];
            number |= (long) (next & 0x7f) << shift;
            shift += 7;
        } while (next < 0);
        return number >>> 1 ^ -(number & 1);
    }
}
