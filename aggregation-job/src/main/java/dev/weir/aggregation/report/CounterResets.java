package dev.weir.aggregation.report;

import dev.weir.aggregation.state.StateIo;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * Series of one target that began anew between two scrapes.
 *
 * @param reason what showed it, as a label value
 * @param series how many, above 0
 */
public record CounterResets(String reason, int series) {
    void write(DataOutput out) throws IOException {
        StateIo.writeString(out, reason);
        out.writeInt(series);
    }

    static CounterResets read(DataInput in) throws IOException {
        return new CounterResets(StateIo.readString(in), in.readInt());
    }
}
