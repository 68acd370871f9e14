package dev.weir.aggregation.report;

import dev.weir.aggregation.state.StateIo;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The values of the first so many of a target's told gauges, as one scrape has them; the others are absent.
 *
 * @param values kept, not copied
 * @param timestampsMs told by the target, or {@link GaugePoint#NO_TIMESTAMP}; null if none is; kept, not copied
 */
@SuppressWarnings("ArrayRecordComponent") // Made once per scrape; neither changed nor compared.
public record GaugeValues(double[] values, long @Nullable [] timestampsMs) {
    public int size() {
        return values.length;
    }

    public long timestampMs(int gauge) {
        return timestampsMs == null ? GaugePoint.NO_TIMESTAMP : timestampsMs[gauge];
    }

    public void write(DataOutput out) throws IOException {
        StateIo.writeDoubles(out, values);
        out.writeBoolean(timestampsMs != null);
        if (timestampsMs != null) {
            StateIo.writeLongs(out, timestampsMs);
        }
    }

    public static GaugeValues read(DataInput in) throws IOException {
        return new GaugeValues(StateIo.readDoubles(in), in.readBoolean() ? StateIo.readLongs(in) : null);
    }
}
