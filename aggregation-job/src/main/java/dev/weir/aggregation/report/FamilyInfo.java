package dev.weir.aggregation.report;

import dev.weir.aggregation.state.StateIo;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * Metadata of a metric family, for remote write.
 *
 * @param type as remote write numbers it (MetricMetadata.MetricType)
 */
public record FamilyInfo(String name, int type, String help, String unit) {
    public void write(DataOutput out) throws IOException {
        StateIo.writeString(out, name);
        out.writeInt(type);
        StateIo.writeString(out, help);
        StateIo.writeString(out, unit);
    }

    public static FamilyInfo read(DataInput in) throws IOException {
        return new FamilyInfo(StateIo.readString(in), in.readInt(), StateIo.readString(in), StateIo.readString(in));
    }
}
