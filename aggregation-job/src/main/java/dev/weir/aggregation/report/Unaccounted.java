package dev.weir.aggregation.report;

import dev.weir.aggregation.state.StateIo;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * Events of a series that may have happened while nobody looked.
 *
 * @param series index in the {@link Telling}
 * @param amount above 0
 * @param reason why they are not counted, as a label value
 */
public record Unaccounted(int series, double amount, String reason) {
    void write(DataOutput out) throws IOException {
        out.writeInt(series);
        out.writeDouble(amount);
        StateIo.writeString(out, reason);
    }

    static Unaccounted read(DataInput in) throws IOException {
        return new Unaccounted(in.readInt(), in.readDouble(), StateIo.readString(in));
    }
}
