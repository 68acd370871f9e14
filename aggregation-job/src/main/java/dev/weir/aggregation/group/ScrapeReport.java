package dev.weir.aggregation.group;

import dev.weir.aggregation.state.StateIo;
import dev.weir.series.Labels;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * What one accepted scrape of one target means for its group; the one record per scrape that is shuffled.
 *
 * @param project owner of the target
 * @param group labels of the group
 * @param target identity of the target
 * @param appendMs broker time of the scrape
 * @param seenMs when the scrape was made, not after {@code appendMs}
 * @param intervalMs the target's scrape interval
 * @param lastWord whether the target is going away with this scrape
 * @param increments of cumulative series
 * @param gauges all values that pass through; after a failed scrape only those about the scrape itself
 * @param families metadata, sent now and then
 */
public record ScrapeReport(
        String project,
        Labels group,
        String target,
        long appendMs,
        long seenMs,
        long intervalMs,
        boolean lastWord,
        List<Increment> increments,
        List<GaugePoint> gauges,
        List<FamilyInfo> families) {

    public void write(DataOutput out) throws IOException {
        StateIo.writeString(out, project);
        StateIo.writeLabels(out, group);
        StateIo.writeString(out, target);
        out.writeLong(appendMs);
        out.writeLong(seenMs);
        out.writeLong(intervalMs);
        out.writeBoolean(lastWord);
        out.writeInt(increments.size());
        for (Increment increment : increments) {
            increment.write(out);
        }
        out.writeInt(gauges.size());
        for (GaugePoint gauge : gauges) {
            gauge.write(out);
        }
        out.writeInt(families.size());
        for (FamilyInfo family : families) {
            family.write(out);
        }
    }

    public static ScrapeReport read(DataInput in) throws IOException {
        String project = StateIo.readString(in);
        Labels group = StateIo.readLabels(in);
        String target = StateIo.readString(in);
        long appendMs = in.readLong();
        long seenMs = in.readLong();
        long intervalMs = in.readLong();
        boolean lastWord = in.readBoolean();
        List<Increment> increments = new ArrayList<>();
        for (int i = in.readInt(); i > 0; i--) {
            increments.add(Increment.read(in));
        }
        List<GaugePoint> gauges = new ArrayList<>();
        for (int i = in.readInt(); i > 0; i--) {
            gauges.add(GaugePoint.read(in));
        }
        List<FamilyInfo> families = new ArrayList<>();
        for (int i = in.readInt(); i > 0; i--) {
            families.add(FamilyInfo.read(in));
        }
        return new ScrapeReport(
                project, group, target, appendMs, seenMs, intervalMs, lastWord, increments, gauges, families);
    }
}
