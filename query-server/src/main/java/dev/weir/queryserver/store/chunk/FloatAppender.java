package dev.weir.queryserver.store.chunk;

import dev.weir.queryserver.encoding.ByteWriter;
import java.util.Arrays;

/**
 * Compresses samples as they come: those of full blocks as {@link FloatBlock} says, the few after them not at all. What it
 * gave away never changes.
 */
public final class FloatAppender implements ChunkAppender {
    private static final int INITIAL_TAIL_SAMPLES = 2;
    private static final byte[] NO_BYTES = {};
    private static final long[] NO_TAIL = {};

    /** Full blocks and padding, in no more bytes than they need. Replaced, never written to. */
    private byte[] packed = NO_BYTES;

    private int packedCount;

    /** Time, bits of the value, time ... of the samples after the full blocks. Only its free end is written to. */
    private long[] tail = new long[2 * INITIAL_TAIL_SAMPLES];

    private int tailCount;
    private long firstMs;
    private long lastMs;

    /** The sample before the tail and the interval before it. */
    private long packedMs;

    private long packedIntervalMs;
    private double packedValue;

    @Override
    public int count() {
        return packedCount + tailCount;
    }

    @Override
    public int allocatedBytes() {
        return packed.length + Long.BYTES * tail.length;
    }

    /** Appends a sample, later than all before it. */
    public void append(long timestampMs, double value) {
        if (count() == 0) {
            firstMs = timestampMs;
        }
        if (2 * tailCount == tail.length) {
            tail = Arrays.copyOf(tail, 2 * tail.length);
        }
        tail[2 * tailCount] = timestampMs;
        tail[2 * tailCount + 1] = Double.doubleToRawLongBits(value);
        tailCount++;
        lastMs = timestampMs;
        if (tailCount == FloatBlock.SAMPLES) {
            packed = withTail();
            packedCount += tailCount;
            packedIntervalMs = lastMs - tail[2 * tailCount - 4];
            packedMs = lastMs;
            packedValue = value;
            tail = new long[2 * FloatBlock.SAMPLES];
            tailCount = 0;
        }
    }

    @Override
    public FloatChunk soFar() {
        return new FloatChunk(packed, packedCount, tail, count(), firstMs, lastMs);
    }

    @Override
    public FloatChunk sealed() {
        return new FloatChunk(tailCount == 0 ? packed : withTail(), count(), NO_TAIL, count(), firstMs, lastMs);
    }

    /** The packed samples and those of the tail as one more block. */
    private byte[] withTail() {
        long[] intervalsMs = new long[tailCount];
        double[] values = new double[tailCount];
        for (int i = 0; i < tailCount; i++) {
            intervalsMs[i] = tail[2 * i] - (i == 0 ? packedMs : tail[2 * i - 2]);
            values[i] = Double.longBitsToDouble(tail[2 * i + 1]);
        }
        ByteWriter bytes = new ByteWriter(packed.length + 64);
        if (packedCount == 0) {
            // As if one interval before the first sample there had been its like.
            intervalsMs[0] = tailCount > 1 ? intervalsMs[1] : 0;
            bytes.writeFixed64(firstMs - intervalsMs[0]);
            bytes.writeDouble(values[0]);
        } else {
            bytes.writeBytes(packed, packed.length - FloatBlock.PADDING_BYTES);
        }
        FloatBlock.writeTimes(intervalsMs, tailCount, packedIntervalMs, bytes);
        FloatBlock.writeValues(values, tailCount, packedCount == 0 ? values[0] : packedValue, bytes);
        bytes.writeFixed64(0);
        return bytes.toByteArray();
    }
}
