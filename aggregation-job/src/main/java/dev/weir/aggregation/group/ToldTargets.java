package dev.weir.aggregation.group;

import dev.weir.aggregation.derived.DerivedGauges;
import dev.weir.aggregation.member.LaneRules;
import dev.weir.aggregation.member.RecordOutput;
import dev.weir.aggregation.member.SeriesOwners;
import dev.weir.aggregation.report.OutputSeries;
import dev.weir.aggregation.report.Telling;
import dev.weir.aggregation.state.StateIo;
import dev.weir.series.Labels;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
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

    /** Takes what a target tells of itself, in the place of what it told before. */
    ToldTarget tell(String target, long shape, Telling telling) {
        ToldTarget former = targets.get(target);
        List<Output> told = new ArrayList<>(telling.series().size());
        for (OutputSeries series : telling.series()) {
            told.add(tell(series));
        }
        GaugeTarget values = former == null ? new GaugeTarget() : former.values;
        ToldTarget present = new ToldTarget(group, shape, telling.page(), told, telling.gauges(), values);
        targets.put(target, present);
        if (former != null) {
            untell(former);
        }
        return present;
    }

    private Output tell(OutputSeries series) {
        Output output = outputs.computeIfAbsent(series, Output::new);
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
            target.values.closeWindow(windowEndMs, target.leaving, rules, owners, endedNow, out.encoder());
            if (target.leaving) {
                derivedGauges.leave(entry.getKey());
            }
            if (target.leaving && target.values.isQuiet()) {
                forgotten.put(entry.getKey(), target);
                untell(target);
                all.remove();
            }
            out.cutAbove(recordBytes);
        }
    }

    void copyTo(ToldTargets copy, SeriesOwners owners) {
        outputs.keySet().forEach(series -> copy.outputs.put(series, new Output(series)));
        targets.forEach((name, target) -> {
            List<Output> told = new ArrayList<>(target.outputs.size());
            target.outputs.forEach(output -> told.add(copy.tell(output.series)));
            ToldTarget copied =
                    new ToldTarget(copy.group, target.shape, target.page, told, target.gauges, target.values.copy());
            copied.leaving = target.leaving;
            copied.values.claim(owners);
            copy.targets.put(name, copied);
        });
    }

    void write(DataOutput out) throws IOException {
        IdentityHashMap<Output, Integer> places = new IdentityHashMap<>();
        out.writeInt(outputs.size());
        for (Output output : outputs.values()) {
            output.series.write(out);
            places.put(output, places.size());
        }
        out.writeInt(targets.size());
        for (Map.Entry<String, ToldTarget> entry : targets.entrySet()) {
            ToldTarget target = entry.getValue();
            StateIo.writeString(out, entry.getKey());
            out.writeLong(target.shape);
            out.writeBoolean(target.leaving);
            StateIo.writeString(out, target.page);
            int[] told = target.outputs.stream().mapToInt(places::get).toArray();
            StateIo.writeInts(out, told);
            out.writeInt(target.gauges.size());
            for (Labels gauge : target.gauges) {
                StateIo.writeLabels(out, gauge);
            }
            target.values.write(out, target.gauges);
        }
    }

    /** Reads what was written, into targets that are still empty, and claims the live gauges for them. */
    void read(DataInput in, SeriesOwners owners) throws IOException {
        List<OutputSeries> series = new ArrayList<>();
        for (int i = in.readInt(); i > 0; i--) {
            series.add(OutputSeries.read(in));
        }
        for (int i = in.readInt(); i > 0; i--) {
            String name = StateIo.readString(in);
            long shape = in.readLong();
            boolean leaving = in.readBoolean();
            String page = StateIo.readString(in);
            List<Output> told = new ArrayList<>();
            for (int place : StateIo.readInts(in)) {
                told.add(tell(series.get(place)));
            }
            List<Labels> gauges = new ArrayList<>();
            for (int k = in.readInt(); k > 0; k--) {
                gauges.add(StateIo.readLabels(in));
            }
            ToldTarget target = new ToldTarget(group, shape, page, told, gauges, GaugeTarget.read(in, gauges));
            target.leaving = leaving;
            target.values.claim(owners);
            targets.put(name, target);
        }
    }
}
