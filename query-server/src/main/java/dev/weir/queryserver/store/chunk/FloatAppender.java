package dev.weir.queryserver.store.chunk;

import dev.weir.queryserver.encoding.ByteWriter;
import java.util.Arrays;

/**
 * Compresses samples as they come: those of full blocks as {@link FloatBlock} says, the few after them as {@link FloatTail}
 * says. What it gave away never changes. There is one of every active series, so its numbers are no wider than they need be,
 * and what its series knows too is not kept twice.
 */
public final class FloatAppender implements ChunkAppender {
    private static final byte[] NO_BYTES = {};

    /** An interval that is too long for its field; no interval of a block is equal to it. */
    private static final int LONG_INTERVAL = -1;

    /** Full blocks and padding, in no more bytes than they need. Replaced, never written to. */
    private byte[] packed = NO_BYTES;

    /** The samples after the full blocks. Only its free end is written to. */
    private byte[] tail = NO_BYTES;

    private short tailBytes;
    private byte tailCount;
    private short packedCount;

    /** The interval before the last packed sample; as long as none is packed, the one before the second sample. */
    private int intervalMs;

    /** The last packed sample; the first sample, as long as none is packed. */
    private double anchorValue;

    private long anchorMs;
    private long firstMs;

    @Override
    public int count() {
        return packedCount + tailCount;
    }

    @Override
    public int allocatedBytes() {
        return packed.length + tail.length;
    }

    /** Appends a sample, later than all before it. Returns by how much {@link #allocatedBytes} grew. */
    public int append(long timestampMs, double value) {
        if (count() == 0) {
            firstMs = timestampMs;
            anchorMs = timestampMs;
            anchorValue = value;
        } else if (count() == 1) {
            intervalMs = narrow(timestampMs - anchorMs);
        }
        FloatTail layout = tail();
        int end = tailBytes + layout.sizeOf(tailCount, timestampMs, value);
        int grown = 0;
        if (end > tail.length) {
            int roomy = end + Long.BYTES - 1 & -Long.BYTES;
            grown = roomy - tail.length;
            tail = Arrays.copyOf(tail, roomy);
        }
        layout.write(tail, tailBytes, tailCount, timestampMs, value);
        tailBytes = (short) end;
        tailCount++;
        return tailCount == FloatBlock.SAMPLES ? grown + pack() : grown;
    }

    @Override
    public FloatChunk soFar(long lastMs) {
        return new FloatChunk(packed, packedCount, tail(), count(), firstMs, lastMs);
    }

    @Override
    public FloatChunk sealed(long lastMs) {
        if (tailCount > 0) {
            pack();
        }
        return new FloatChunk(packed, packedCount, FloatTail.NONE, packedCount, firstMs, lastMs);
    }

    private FloatTail tail() {
        return new FloatTail(tail, anchorValue, packedCount == 0 ? anchorMs : anchorMs + intervalMs, intervalMs);
    }

    /** Makes the tail one more block, the last one if it is not full. Returns by how much {@link #allocatedBytes} grew. */
    private int pack() {
        int before = allocatedBytes();
        long[] intervalsMs = new long[tailCount];
        double[] values = new double[tailCount];
        tail().read(tailCount, intervalsMs, values, 0);
        long lastMs = intervalsMs[tailCount - 1];
        for (int i = tailCount - 1; i >= 0; i--) {
            intervalsMs[i] -= i == 0 ? anchorMs : intervalsMs[i - 1];
        }
        ByteWriter bytes = new ByteWriter(packed.length + 64);
        if (packedCount == 0) {
            // As if one interval before the first sample there had been its like.
            intervalsMs[0] = tailCount > 1 ? intervalsMs[1] : 0;
            bytes.writeFixed64(firstMs - intervalsMs[0]);
            bytes.writeDouble(anchorValue);
        } else {
            bytes.writeBytes(packed, packed.length - FloatBlock.PADDING_BYTES);
        }
        FloatBlock.writeTimes(intervalsMs, tailCount, packedCount == 0 ? 0 : intervalMs, bytes);
        FloatBlock.writeValues(values, tailCount, anchorValue, bytes);
        bytes.writeFixed64(0);
        packed = bytes.toByteArray();
        packedCount += tailCount;
        intervalMs = narrow(intervalsMs[tailCount - 1]);
        anchorValue = values[tailCount - 1];
        anchorMs = lastMs;
        tail = NO_BYTES;
        tailBytes = 0;
        tailCount = 0;
        return packed.length - before;
    }

    private static int narrow(long intervalMs) {
        return intervalMs > Integer.MAX_VALUE ? LONG_INTERVAL : (int) intervalMs;
    }
}
