package dev.weir.queryserver.store.chunk;

import dev.weir.queryserver.encoding.ByteWriter;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Compresses samples as they come: those of full blocks as {@link FloatBlock} says, the few after them not at all. What it
 * gave away never changes.
 */
public final class FloatAppender implements ChunkAppender {
    private static final int INITIAL_TAIL_SAMPLES = 2;
    private static final byte[] NO_BYTES = {};

    /** Full blocks and padding, in no more bytes than they need. Replaced, never written to. */
    private byte[] packed = NO_BYTES;

    private int packedCount;

    /** Values of the samples after the full blocks. Only its free end is written to. */
    private double[] tail = new double[INITIAL_TAIL_SAMPLES];

    /** Their times after {@link #tailStartMs}; null if each is {@link #tailStepMs} after the one before. */
    private long @Nullable [] tailOffsets;

    private long tailStartMs;
    private long tailStepMs;
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
        long[] offsets = tailOffsets;
        return packed.length + Double.BYTES * tail.length + (offsets == null ? 0 : Long.BYTES * offsets.length);
    }

    /** Appends a sample, later than all before it. */
    public void append(long timestampMs, double value) {
        if (count() == 0) {
            firstMs = timestampMs;
        }
        if (tailCount == tail.length) {
            tail = Arrays.copyOf(tail, 2 * tail.length);
        }
        tail[tailCount] = value;
        addTime(timestampMs);
        tailCount++;
        if (tailCount == FloatBlock.SAMPLES) {
            packed = withTail();
            packedCount += tailCount;
            packedIntervalMs = timestampMs - tailTimeMs(tailCount - 2);
            packedMs = timestampMs;
            packedValue = value;
            tail = new double[INITIAL_TAIL_SAMPLES];
            tailOffsets = null;
            tailStepMs = 0;
            tailCount = 0;
        }
        lastMs = timestampMs;
    }

    private void addTime(long timestampMs) {
        if (tailCount == 0) {
            tailStartMs = timestampMs;
            return;
        }
        long offset = timestampMs - tailStartMs;
        if (tailCount == 1) {
            tailStepMs = offset;
        }
        long[] offsets = tailOffsets;
        if (offsets == null && offset != tailStepMs * tailCount) {
            offsets = new long[FloatBlock.SAMPLES];
            for (int i = 0; i < tailCount; i++) {
                offsets[i] = tailStepMs * i;
            }
            tailOffsets = offsets;
        }
        if (offsets != null) {
            offsets[tailCount] = offset;
        }
    }

    private long tailTimeMs(int index) {
        long[] offsets = tailOffsets;
        return tailStartMs + (offsets == null ? tailStepMs * index : offsets[index]);
    }

    @Override
    public FloatChunk soFar() {
        FloatChunk.Tail rest = new FloatChunk.Tail(tail, tailOffsets, tailStartMs, tailStepMs);
        return new FloatChunk(packed, packedCount, rest, count(), firstMs, lastMs);
    }

    @Override
    public FloatChunk sealed() {
        return new FloatChunk(
                tailCount == 0 ? packed : withTail(), count(), FloatChunk.Tail.NONE, count(), firstMs, lastMs);
    }

    /** The packed samples and those of the tail as one more block. */
    private byte[] withTail() {
        long[] intervalsMs = new long[tailCount];
        double[] values = new double[tailCount];
        for (int i = 0; i < tailCount; i++) {
            intervalsMs[i] = tailTimeMs(i) - (i == 0 ? packedMs : tailTimeMs(i - 1));
            values[i] = tail[i];
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
