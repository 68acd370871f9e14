package dev.weir.aggregation.group;

import dev.weir.aggregation.derived.DerivedGauges;
import dev.weir.aggregation.member.LaneRules;
import dev.weir.aggregation.member.RecordOutput;
import dev.weir.aggregation.member.SeriesOwners;
import dev.weir.aggregation.report.OutputSeries;
import dev.weir.aggregation.report.Telling;
import dev.weir.aggregation.state.EntryChanges;
import dev.weir.aggregation.state.StateIo;
import dev.weir.series.Labels;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The targets of a group by name, and what they told, each series once however many told it. */
final class ToldTargets {
    private final Group group;
    private final Map<String, ToldTarget> targets = new TreeMap<>();
    private final Map<OutputSeries, Output> outputs = new LinkedHashMap<>();
    private int nextOutput;

    ToldTargets(Group group) {
        this.group = group;
    }

    boolean isEmpty() {
        return targets.isEmpty();
    }

    /** Whether a window may be left out without a loss. */
    boolean isQuiet() {
        return targets.values().stream().allMatch(target -> target.values.isQuiet());
    }

    /** Whether windows to come hold values that are known already. */
    boolean isWaiting() {
        return targets.values().stream().anyMatch(target -> target.values.isWaiting());
    }

    Map<String, ToldTarget> byName() {
        return targets;
    }

    /** How many gauges are live. */
    int liveGauges() {
        return targets.values().stream()
                .mapToInt(target -> target.values.liveCount())
                .sum();
    }

    /** Takes what a target tells of itself, in the place of what it told before. */
    ToldTarget tell(String target, long shape, Telling telling) {
        ToldTarget former = targets.get(target);
        List<Output> told = new ArrayList<>(telling.series().size());
        for (OutputSeries series : telling.series()) {
            told.add(tell(series));
        }
        GaugeTarget values = former == null ? new GaugeTarget() : former.values;
        ToldTarget present = new ToldTarget(group, shape, telling.page(), told, telling.gauges(), values);
        values.changed = true;
        targets.put(target, present);
        if (former != null) {
            untell(former);
        }
        return present;
    }

    private Output tell(OutputSeries series) {
        Output output = outputs.computeIfAbsent(series, key -> new Output(nextOutput++, key));
        output.tellers++;
        return output;
    }

    private void untell(ToldTarget target) {
        for (Output output : target.outputs) {
            if (--output.tellers == 0) {
                outputs.remove(output.series);
            }
        }
    }

    /**
     * Writes the targets' gauges of the window that ends then.
     *
     * @param forgotten takes the targets that have gone
     * @param recordBytes at which a record is cut
     */
    void closeWindow(
            long windowEndMs,
            LaneRules rules,
            SeriesBudget budget,
            SeriesOwners owners,
            DerivedGauges derivedGauges,
            Map<String, ToldTarget> forgotten,
            RecordOutput out,
            int recordBytes) {
        Set<Labels> endedNow = new HashSet<>();
        Iterator<Map.Entry<String, ToldTarget>> all = targets.entrySet().iterator();
        while (all.hasNext()) {
            Map.Entry<String, ToldTarget> entry = all.next();
            ToldTarget target = entry.getValue();
            target.values.closeWindow(windowEndMs, target.isLeaving(), rules, budget, owners, endedNow, out.encoder());
            if (target.isLeaving()) {
                derivedGauges.leave(entry.getKey());
            }
            if (target.isLeaving() && target.values.isQuiet()) {
                forgotten.put(entry.getKey(), target);
                untell(target);
                all.remove();
            }
            out.cutAbove(recordBytes);
        }
    }

    /** Writes what the targets told, each series once; the targets themselves are entries of their own. */
    void write(DataOutput out) throws IOException {
        out.writeInt(outputs.size());
        for (Output output : outputs.values()) {
            out.writeInt(output.id);
            output.series.write(out);
            out.writeBoolean(output.folded);
        }
    }

    void read(DataInput in) throws IOException {
        for (int i = in.readInt(); i > 0; i--) {
            Output output = new Output(in.readInt(), OutputSeries.read(in));
            output.folded = in.readBoolean();
            outputs.put(output.series, output);
            nextOutput = Math.max(nextOutput, output.id + 1);
        }
    }

    void addChanges(long number, EntryChanges changes) throws IOException {
        for (Map.Entry<String, ToldTarget> entry : targets.entrySet()) {
            ToldTarget target = entry.getValue();
            if (!target.stored) {
                changes.put(LaneEntry.told(number, entry.getKey()).text(), target::writeTold);
                target.stored = true;
            }
            if (target.values.changed) {
                changes.put(LaneEntry.gauges(number, entry.getKey()).text(), target::writeGauges);
                target.values.changed = false;
            }
        }
    }

    /** Reads the two entries of a target. */
    void readTarget(String name, DataInput told, DataInput gauges, SeriesOwners owners) throws IOException {
        long shape = told.readLong();
        String page = StateIo.readString(told);
        Map<Integer, Output> byId = new HashMap<>();
        outputs.values().forEach(output -> byId.put(output.id, output));
        List<Output> outputsTold = new ArrayList<>();
        for (int id : StateIo.readInts(told)) {
            Output output = byId.get(id);
            if (output == null) {
                throw new IOException("told series of target " + name + ": " + id + " (expected: one of the group's)");
            }
            output.tellers++;
            outputsTold.add(output);
        }
        List<Labels> labels = StateIo.readLabelsList(told);
        boolean leaving = gauges.readBoolean();
        ToldTarget target = new ToldTarget(group, shape, page, outputsTold, labels, GaugeTarget.read(gauges, labels));
        target.setLeaving(leaving);
        target.stored = true;
        target.values.changed = false;
        target.values.claim(owners);
        targets.put(name, target);
    }
}
