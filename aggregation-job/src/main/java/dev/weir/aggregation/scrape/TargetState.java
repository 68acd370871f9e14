package dev.weir.aggregation.scrape;

import dev.weir.aggregation.increment.NativeMemory;
import dev.weir.aggregation.increment.TargetMemory;
import dev.weir.aggregation.report.ScrapeReport;
import dev.weir.aggregation.report.Telling;
import dev.weir.aggregation.state.EntryOutput;
import dev.weir.aggregation.state.StateIo;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * A target's state: what is remembered of its series, and what its lane was told. Bounded by the series of the target's
 * bodies of one expiry; gone when the target has been silent for the expiry.
 */
public final class TargetState {
    /** No lane. */
    public static final int NOWHERE = -1;

    private static final int VERSION = 6;

    /** What goes through the streams of a checkpoint number by number is dear. */
    private static final ThreadLocal<EntryOutput> CONTENT = ThreadLocal.withInitial(EntryOutput::new);

    private final TargetMemory memory;
    private final NativeMemory natives;
    private long toldShape = ScrapeReport.NO_SHAPE;
    /** Identity of the target's labels when it was told. */
    private long toldIdentity;

    private int lane = NOWHERE;

    public TargetState() {
        this(new TargetMemory(), new NativeMemory());
    }

    private TargetState(TargetMemory memory, NativeMemory natives) {
        this.memory = memory;
        this.natives = natives;
    }

    public TargetMemory memory() {
        return memory;
    }

    NativeMemory natives() {
        return natives;
    }

    /** The lane that was told, or {@link #NOWHERE}; a target that goes elsewhere says goodbye there. */
    public int lane() {
        return lane;
    }

    /** Notes that {@code toLane} was told. */
    public void tell(int toLane) {
        lane = toLane;
    }

    /** Notes that the target said goodbye; it tells anew before its next report. */
    public void forget() {
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
        EntryOutput content = CONTENT.get();
        content.clear();
        writeContent(content);
        out.write(content.array(), 0, content.size());
    }

    private void writeContent(DataOutput out) throws IOException {
        out.writeByte(VERSION);
        out.writeLong(toldShape);
        out.writeLong(toldIdentity);
        out.writeInt(lane);
        memory.write(out);
        natives.write(out);
    }

    public static TargetState read(DataInput in) throws IOException {
        StateIo.expectVersion(in, VERSION, "target state");
        long shape = in.readLong();
        long identity = in.readLong();
        int lane = in.readInt();
        TargetState state = new TargetState(TargetMemory.read(in), NativeMemory.read(in));
        state.toldShape = shape;
        state.toldIdentity = identity;
        state.lane = lane;
        return state;
    }
}
