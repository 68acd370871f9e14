package dev.weir.aggregation.scrape;

import dev.weir.aggregation.increment.NativeMemory;
import dev.weir.aggregation.increment.TargetMemory;
import dev.weir.aggregation.report.ScrapeReport;
import dev.weir.aggregation.report.Telling;
import dev.weir.aggregation.state.Packer;
import dev.weir.aggregation.state.StateIo;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A target's state: what is remembered of its series, and what its lane was told. Bounded by the series of the target's
 * bodies of one expiry; gone when the target has been silent for the expiry.
 */
public final class TargetState {
    /** No lane. */
    public static final int NOWHERE = -1;

    private static final int VERSION = 7;

    private static final ThreadLocal<Packer> PACKER = ThreadLocal.withInitial(Packer::new);

    private final TargetMemory memory;
    private final NativeMemory natives;
    private long toldShape = ScrapeReport.NO_SHAPE;
    /** Identity of the target's labels when it was told. */
    private long toldIdentity;

    private int lane = NOWHERE;

    /**
     * As it was stored last; null if it may have changed since. Written by the thread that writes a checkpoint, to which the
     * state belongs meanwhile: Flink's heap backend gives the task a {@link #copy} of what is being written.
     */
    private volatile byte @Nullable [] packed;

    public TargetState() {
        this(new TargetMemory(), new NativeMemory());
    }

    private TargetState(TargetMemory memory, NativeMemory natives) {
        this.memory = memory;
        this.natives = natives;
    }

    /** Whoever asks for it may change it. */
    public TargetMemory memory() {
        packed = null;
        return memory;
    }

    /** Whoever asks for it may change it. */
    NativeMemory natives() {
        packed = null;
        return natives;
    }

    /** The lane that was told, or {@link #NOWHERE}; a target that goes elsewhere says goodbye there. */
    public int lane() {
        return lane;
    }

    /** Notes that {@code toLane} was told. */
    public void tell(int toLane) {
        packed = null;
        lane = toLane;
    }

    /** Notes that the target said goodbye; it tells anew before its next report. */
    public void forget() {
        packed = null;
        toldShape = ScrapeReport.NO_SHAPE;
        lane = NOWHERE;
    }

    /** Whether the target's lane knows it under these labels, perhaps with another shape. */
    boolean isTold(long identity) {
        return toldShape != ScrapeReport.NO_SHAPE && toldIdentity == identity;
    }

    /** What the lane was told last, as {@link Telling#shape}. */
    long toldShape() {
        return toldShape;
    }

    void tell(long shape, long identity) {
        packed = null;
        toldShape = shape;
        toldIdentity = identity;
    }

    public TargetState copy() {
        TargetState copy = new TargetState(memory.copy(), natives.copy());
        copy.toldShape = toldShape;
        copy.toldIdentity = toldIdentity;
        copy.lane = lane;
        return copy;
    }

    public void write(DataOutput out) throws IOException {
        byte[] bytes = packed;
        if (bytes == null) {
            bytes = PACKER.get().pack(this::writeContent);
            packed = bytes;
        }
        out.writeByte(VERSION);
        StateIo.writeBytes(out, bytes);
    }

    private void writeContent(DataOutput out) throws IOException {
        out.writeLong(toldShape);
        out.writeLong(toldIdentity);
        out.writeInt(lane);
        memory.write(out);
        natives.write(out);
    }

    public static TargetState read(DataInput in) throws IOException {
        StateIo.expectVersion(in, VERSION, "target state");
        byte[] bytes = StateIo.readBytes(in);
        DataInput content = Packer.unpack(bytes);
        long shape = content.readLong();
        long identity = content.readLong();
        int lane = content.readInt();
        TargetState state = new TargetState(TargetMemory.read(content), NativeMemory.read(content));
        state.toldShape = shape;
        state.toldIdentity = identity;
        state.lane = lane;
        state.packed = bytes;
        return state;
    }
}
