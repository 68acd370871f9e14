package dev.weir.aggregation.operator;

import dev.weir.aggregation.report.ScrapeReport;
import dev.weir.aggregation.state.StateIo;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A report on its way to its lane.
 *
 * @param target identity of the target
 * @param report null for a goodbye: the target tells anew before its next report
 */
public record LanedReport(int lane, String target, @Nullable ScrapeReport report) {
    void write(DataOutput out) throws IOException {
        out.writeInt(lane);
        out.writeBoolean(report != null);
        if (report != null) {
            report.write(out);
        } else {
            StateIo.writeString(out, target);
        }
    }

    static LanedReport read(DataInput in) throws IOException {
        int lane = in.readInt();
        if (!in.readBoolean()) {
            return new LanedReport(lane, StateIo.readString(in), null);
        }
        ScrapeReport report = ScrapeReport.read(in);
        return new LanedReport(lane, report.target(), report);
    }
}
