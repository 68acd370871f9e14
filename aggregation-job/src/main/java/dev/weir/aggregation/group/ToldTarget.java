package dev.weir.aggregation.group;

import dev.weir.aggregation.derived.CanonicalGauges;
import dev.weir.aggregation.profile.PageProfile;
import dev.weir.aggregation.state.StateIo;
import dev.weir.series.Labels;
import java.io.DataOutput;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A target as its lane knows it: what it told, and its gauges. */
final class ToldTarget {
    final Group group;
    final long shape;
    /** Text of its page's profile. */
    final String page;

    final List<Output> outputs;
    final List<Labels> gauges;
    final GaugeTarget values;
    /** Whether it said goodbye; it is forgotten once its gauges have ended. */
    private boolean leaving;
    /** Whether what it told is stored as it is here. */
    boolean stored;

    /** Where its gauges go in the canonical vocabulary; found with the first report. */
    private @Nullable CanonicalGauges canonicalGauges;

    ToldTarget(Group group, long shape, String page, List<Output> outputs, List<Labels> gauges, GaugeTarget values) {
        this.group = group;
        this.shape = shape;
        this.page = page;
        this.outputs = outputs;
        this.gauges = gauges;
        this.values = values;
    }

    boolean isLeaving() {
        return leaving;
    }

    void setLeaving(boolean lastWord) {
        if (leaving != lastWord) {
            leaving = lastWord;
            values.changed = true;
        }
    }

    CanonicalGauges canonicalGauges(PageProfile page) {
        CanonicalGauges known = canonicalGauges;
        if (known == null) {
            known = new CanonicalGauges(page, gauges, group.labels());
            canonicalGauges = known;
        }
        return known;
    }

    void writeTold(DataOutput out) throws IOException {
        out.writeLong(shape);
        StateIo.writeString(out, page);
        StateIo.writeInts(out, outputs.stream().mapToInt(output -> output.id).toArray());
        StateIo.writeLabels(out, gauges);
    }

    void writeGauges(DataOutput out) throws IOException {
        out.writeBoolean(leaving);
        values.write(out, gauges);
    }
}
