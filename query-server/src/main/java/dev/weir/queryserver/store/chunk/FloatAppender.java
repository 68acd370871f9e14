package dev.weir.queryserver.store.chunk;

import dev.weir.queryserver.encoding.ByteWriter;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Compresses samples as they come: those of full blocks as {@link FloatBlock} says, the few after them not at all. What it
 * gave away never changes. There is one of every active series, so its numbers are no wider than they need be.
 */
public final class FloatAppender implements ChunkAppender {
    private static final int TAIL_STEP_SAMPLES = 4;
    private static final byte[] NO_BYTES = {};
    private static final double[] NO_TAIL = {};

    /** An interval that is too long for its field; no interval of a block is equal to it. */
    private static final int LONG_INTERVAL = -1;

    /** Full blocks and padding, in no more bytes than they need. Replaced, never written to. */
    private byte[] packed = NO_BYTES;

    /** Values of the samples after the full blocks. Only its free end is written to. */
    private double[] tail = NO_TAIL;

    /** Their times after {@link #anchorMs}; null if the first is as {@link #tailFirstMs} and {@link #tailStepMs} say. */
    private long @Nullable [] tailOffsets;

    private short packedCount;
    private byte tailCount;
    private int tailFirstMs;
    private int tailStepMs;

    /** The interval before the last packed sample. */
    private int packedIntervalMs;

    private double packedValue;
    private long firstMs;

    /** The last packed sample's time; the first sample's, as long as none is packed. */
    private long anchorMs;

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
            anchorMs = timestampMs;
        }
        if (tailCount == tail.length) {
            tail = Arrays.copyOf(tail, tailCount + TAIL_STEP_SAMPLES);
        }
        tail[tailCount] = value;
        addTime(timestampMs - anchorMs);
        tailCount++;
        if (tailCount == FloatBlock.SAMPLES) {
            packed = withTail();
            packedCount += tailCount;
            packedIntervalMs = narrow(timestampMs - tailTimeMs(tailCount - 2));
            anchorMs = timestampMs;
            packedValue = value;
            tail = NO_TAIL;
            tailOffsets = null;
            tailCount = 0;
        }
    }

    private void addTime(long offsetMs) {
        long[] offsets = tailOffsets;
        if (offsets == null) {
            if (tailCount == 0) {
                tailFirstMs = narrow(offsetMs);
                tailStepMs = 0;
            } else if (tailCount == 1) {
                tailStepMs = narrow(offsetMs - tailFirstMs);
            }
            if (offsetMs == tailOffset(tailCount)) {
                return;
            }
            offsets = new long[FloatBlock.SAMPLES];
            for (int i = 0; i < tailCount; i++) {
                offsets[i] = tailOffset(i);
            }
            tailOffsets = offsets;
        }
        offsets[tailCount] = offsetMs;
    }

    /** Where {@link #tailOffsets} would say it, if the samples are evenly spaced. */
    private long tailOffset(int index) {
        return tailFirstMs + (long) tailStepMs * index;
    }

    private long tailTimeMs(int index) {
        long[] offsets = tailOffsets;
        return anchorMs + (offsets == null ? tailOffset(index) : offsets[index]);
    }

    private long lastMs() {
        return tailCount == 0 ? anchorMs : tailTimeMs(tailCount - 1);
    }

    private static int narrow(long intervalMs) {
        return intervalMs > Integer.MAX_VALUE ? LONG_INTERVAL : (int) intervalMs;
    }

    @Override
    public FloatChunk soFar() {
        long[] offsets = tailOffsets;
        FloatChunk.Tail rest = offsets == null
                ? new FloatChunk.Tail(tail, null, anchorMs + tailFirstMs, tailStepMs)
                : new FloatChunk.Tail(tail, offsets, anchorMs, 0);
        return new FloatChunk(packed, packedCount, rest, count(), firstMs, lastMs());
    }

    @Override
    public FloatChunk sealed() {
        return new FloatChunk(
                tailCount == 0 ? packed : withTail(), count(), FloatChunk.Tail.NONE, count(), firstMs, lastMs());
    }

    /** The packed samples and those of the tail as one more block. */
    private byte[] withTail() {
        long[] intervalsMs = new long[tailCount];
        double[] values = new double[tailCount];
        for (int i = 0; i < tailCount; i++) {
            intervalsMs[i] = tailTimeMs(i) - (i == 0 ? anchorMs : tailTimeMs(i - 1));
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
