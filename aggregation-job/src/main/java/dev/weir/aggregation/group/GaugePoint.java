package dev.weir.aggregation.group;

import dev.weir.aggregation.state.StateIo;
import dev.weir.series.Labels;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * A value that passes through under its own labels, replica labels included.
 *
 * @param timestampMs told by the target, or {@link #NO_TIMESTAMP}
 */
public record GaugePoint(Labels labels, double value, long timestampMs) {
    public static final long NO_TIMESTAMP = Long.MIN_VALUE;

    void write(DataOutput out) throws IOException {
        StateIo.writeLabels(out, labels);
        out.writeDouble(value);
        out.writeLong(timestampMs);
    }

    static GaugePoint read(DataInput in) throws IOException {
        return new GaugePoint(StateIo.readLabels(in), in.readDouble(), in.readLong());
    }
}
