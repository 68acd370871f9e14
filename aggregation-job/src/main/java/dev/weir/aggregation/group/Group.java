package dev.weir.aggregation.group;

import dev.weir.aggregation.release.CumulativeSeries;
import dev.weir.aggregation.release.Span;
import dev.weir.aggregation.state.StateIo;
import dev.weir.aggregation.view.DerivedGauge;
import dev.weir.schemas.WriteRequestEncoder;
import dev.weir.schemas.remotewrite.MetricMetadata;
import dev.weir.series.Labels;
import dev.weir.series.StaleMarker;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * All targets that differ only in per-replica labels, summed up. Bounded by the series of the group, not by its targets
 * but for their gauges; empty an hour after its last target.
 */
final class Group {
    /** A record is cut at the first series that ends above this; a series, a histogram whole, is never cut. */
    private static final int RECORD_BYTES = 512 * 1024;

    /** Most families whose metadata is remembered; beyond it all are written anew. */
    private static final int MAX_FAMILIES = 10_000;

    private final String project;
    private final Labels labels;
    private final Map<Labels, Member> members = new LinkedHashMap<>();
    private final Map<String, ToldTarget> targets = new TreeMap<>();
    /** What the targets told, each once. */
    private final Map<OutputSeries, Output> outputs = new LinkedHashMap<>();

    private final Map<Labels, DerivedGauge> derived = new HashMap<>();
    /** Who writes which series; follows from the members and the targets' live gauges. */
    private final SeriesOwners owners = new SeriesOwners();
    /** Series that ended, and when, until their labels may carry an earlier point again. */
    private final Map<Labels, Long> ended = new HashMap<>();
    /** Histograms for which {@link Lane#MIXED_LAYOUTS} is written. */
    private final Set<Labels> mixed = new HashSet<>();

    /** Metadata as it was last written; written anew by every new attempt of the job. */
    private final Map<String, FamilyInfo> families = new HashMap<>();

    private final List<FamilyInfo> newFamilies = new ArrayList<>();

    Group(String project, Labels labels) {
        this.project = project;
        this.labels = labels;
    }

    String project() {
        return project;
    }

    boolean isEmpty() {
        return members.isEmpty() && targets.isEmpty() && ended.isEmpty();
    }

    /** Whether a window may be left out without a loss. */
    boolean isQuiet() {
        return targets.values().stream().allMatch(target -> target.values.isQuiet())
                && derived.values().stream().noneMatch(DerivedGauge::isLive)
                && !hasUnwritten();
    }

    /** Whether windows to come hold something that is known already. */
    boolean hasUnwritten() {
        return members.values().stream().anyMatch(Member::hasUnwritten)
                || targets.values().stream().anyMatch(target -> target.values.isWaiting());
    }

    /** Takes what a target tells of itself, in the place of what it told before. */
    ToldTarget tell(String target, long shape, Telling telling) {
        ToldTarget former = targets.get(target);
        List<Output> told = new ArrayList<>(telling.series().size());
        for (OutputSeries series : telling.series()) {
            told.add(tell(series));
        }
        ToldTarget present =
                new ToldTarget(this, shape, told, telling.gauges(), former == null ? new GaugeTarget() : former.values);
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

    /** Takes a report of what {@code target} told. */
    void take(ToldTarget target, ScrapeReport report, LaneRules rules, long closedMs) {
        Intake intake = new Intake(report, rules, closedMs);
        Increments increments = report.increments();
        for (int i = 0; i < increments.size(); i++) {
            Output output = target.outputs.get(increments.series(i));
            for (Output.Place place : output.places(labels, rules)) {
                Member member = member(output.series, place, intake);
                if (member != null) {
                    intake.add(member, output.series, i);
                }
            }
        }
        for (Unaccounted unaccounted : report.unaccounted()) {
            addUnaccounted(target.outputs.get(unaccounted.series()).series, unaccounted, intake);
        }
        long windowEndMs = Math.max(rules.windowEnd(report.appendMs()), closedMs + rules.windowMs());
        target.values.take(report, target.gauges, windowEndMs);
        if (families.size() > MAX_FAMILIES) {
            families.clear();
        }
        for (FamilyInfo family : report.families()) {
            if (!family.equals(families.put(family.name(), family))) {
                newFamilies.add(family);
            }
        }
    }

    private void addUnaccounted(OutputSeries of, Unaccounted unaccounted, Intake intake) {
        Labels counter = labels.toBuilder()
                .set(Labels.METRIC_NAME, Lane.UNACCOUNTED)
                .set("metric", of.labels().metricName())
                .set("reason", unaccounted.reason())
                .build();
        OutputSeries series = new OutputSeries(SeriesKind.COUNTER, counter, null);
        Member member = member(series, new Output.Place(counter, intake.rules.windowMs(), null), intake);
        if (member != null) {
            intake.add(member, unaccounted.amount());
        }
    }

    /** The member that the series adds to at the place, made if need be; null if it cannot be merged. */
    private @Nullable Member member(OutputSeries series, Output.Place place, Intake intake) {
        Member member = place.member;
        if (member != null && !member.ended) {
            return member;
        }
        LaneRules rules = intake.rules;
        member = members.get(place.labels);
        if (member == null) {
            CumulativeSeries cumulative = new CumulativeSeries(rules.windowMs(), series.layout(), intake.closedMs);
            member = new Member(series.kind(), place.labels, place.stepMs, rules.windowMs(), cumulative);
            if (!owners.claim(member.outputs(), member)) {
                rules.typeConflict();
                return null;
            }
            members.put(place.labels, member);
        } else if ((member.series.layout() == null) != (series.layout() == null)) {
            // It does not keep the member alive, so that a family that changed its type everywhere returns.
            rules.typeConflict();
            return null;
        }
        DerivedGauge gauge = place.view == null ? null : place.view.derivedFrom(place.labels);
        if (gauge != null) {
            derived.putIfAbsent(place.labels, gauge);
        }
        place.member = member;
        return member;
    }

    /**
     * Closes the window that ends then and gives its records to {@code out}.
     *
     * @param forgotten takes the targets that have gone
     */
    void closeWindow(long windowEndMs, LaneRules rules, Map<String, ToldTarget> forgotten, RecordOutput out) {
        WriteRequestEncoder encoder = out.encoder();
        encoder.addMetadata(drainMetadata());
        Iterator<Member> all = members.values().iterator();
        while (all.hasNext()) {
            Member member = all.next();
            member.series.closeWindow();
            if (!member.hasUnwritten() && windowEndMs - member.lastSeenMs > rules.expiryMs()) {
                end(member, windowEndMs, encoder);
                all.remove();
            } else if (member.isDue(windowEndMs)) {
                member.writePoint(windowEndMs, ended.getOrDefault(member.labels(), Long.MIN_VALUE), encoder);
                writeMixed(member, windowEndMs, encoder);
                DerivedGauge gauge = derived.get(member.labels());
                if (gauge != null) {
                    gauge.write(member.series, windowEndMs, encoder);
                }
            }
            out.cutAbove(RECORD_BYTES);
        }
        Set<Labels> endedNow = new HashSet<>();
        Iterator<Map.Entry<String, ToldTarget>> told = targets.entrySet().iterator();
        while (told.hasNext()) {
            Map.Entry<String, ToldTarget> entry = told.next();
            ToldTarget target = entry.getValue();
            target.values.closeWindow(windowEndMs, target.leaving, rules, owners, endedNow, encoder);
            if (target.leaving && target.values.isQuiet()) {
                forgotten.put(entry.getKey(), target);
                untell(target);
                told.remove();
            }
            out.cutAbove(RECORD_BYTES);
        }
        out.cutAbove(0);
        ended.values().removeIf(endMs -> windowEndMs - endMs > rules.longestStepMs());
    }

    void skipTo(long closedMs) {
        members.values().forEach(member -> member.series.skipTo(closedMs));
    }

    private void end(Member member, long windowEndMs, WriteRequestEncoder out) {
        member.writeStaleMarkers(windowEndMs, out);
        endMixed(member, windowEndMs, out);
        member.ended = true;
        ended.put(member.labels(), windowEndMs);
        owners.release(member.outputs());
        DerivedGauge gauge = derived.remove(member.labels());
        if (gauge != null) {
            gauge.end(windowEndMs, out);
        }
    }

    private void writeMixed(Member member, long windowEndMs, WriteRequestEncoder out) {
        if (member.series.layoutsMixed()) {
            mixed.add(member.labels());
            out.add(WriteRequestEncoder.labels(mixedLabels(member).toMap()), windowEndMs, 1);
        }
    }

    private void endMixed(Member member, long windowEndMs, WriteRequestEncoder out) {
        if (mixed.remove(member.labels())) {
            out.add(WriteRequestEncoder.labels(mixedLabels(member).toMap()), windowEndMs, StaleMarker.VALUE);
        }
    }

    private static Labels mixedLabels(Member member) {
        return member.labels().toBuilder()
                .set(Labels.METRIC_NAME, Lane.MIXED_LAYOUTS)
                .set("metric", member.labels().metricName())
                .build();
    }

    private List<MetricMetadata> drainMetadata() {
        if (newFamilies.isEmpty()) {
            return List.of();
        }
        List<MetricMetadata> metadata = new ArrayList<>();
        for (FamilyInfo family : newFamilies) {
            metadata.add(MetricMetadata.newBuilder()
                    .setTypeValue(family.type())
                    .setMetricFamilyName(family.name())
                    .setHelp(family.help())
                    .setUnit(family.unit())
                    .build());
        }
        newFamilies.clear();
        return metadata;
    }

    void write(DataOutput out) throws IOException {
        StateIo.writeString(out, project);
        StateIo.writeLabels(out, labels);
        out.writeInt(members.size());
        for (Member member : members.values()) {
            member.write(out);
            out.writeBoolean(mixed.contains(member.labels()));
        }
        writeTargets(out);
        out.writeInt(derived.size());
        for (Map.Entry<Labels, DerivedGauge> gauge : derived.entrySet()) {
            StateIo.writeLabels(out, gauge.getKey());
            gauge.getValue().write(out);
        }
        out.writeInt(ended.size());
        for (Map.Entry<Labels, Long> end : ended.entrySet()) {
            StateIo.writeLabels(out, end.getKey());
            out.writeLong(end.getValue());
        }
        out.writeInt(newFamilies.size());
        for (FamilyInfo family : newFamilies) {
            family.write(out);
        }
    }

    static Group read(DataInput in, long windowMs) throws IOException {
        Group group = new Group(StateIo.readString(in), StateIo.readLabels(in));
        for (int i = in.readInt(); i > 0; i--) {
            Member member = Member.read(in, windowMs);
            group.members.put(member.labels(), member);
            group.owners.claim(member.outputs(), member);
            if (in.readBoolean()) {
                group.mixed.add(member.labels());
            }
        }
        group.readTargets(in);
        for (int i = in.readInt(); i > 0; i--) {
            group.derived.put(StateIo.readLabels(in), DerivedGauge.read(in));
        }
        for (int i = in.readInt(); i > 0; i--) {
            group.ended.put(StateIo.readLabels(in), in.readLong());
        }
        for (int i = in.readInt(); i > 0; i--) {
            FamilyInfo family = FamilyInfo.read(in);
            group.families.put(family.name(), family);
            group.newFamilies.add(family);
        }
        return group;
    }

    private void writeTargets(DataOutput out) throws IOException {
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
            int[] told = target.outputs.stream().mapToInt(places::get).toArray();
            StateIo.writeInts(out, told);
            out.writeInt(target.gauges.size());
            for (Labels gauge : target.gauges) {
                StateIo.writeLabels(out, gauge);
            }
            target.values.write(out, target.gauges);
        }
    }

    private void readTargets(DataInput in) throws IOException {
        List<OutputSeries> series = new ArrayList<>();
        for (int i = in.readInt(); i > 0; i--) {
            series.add(OutputSeries.read(in));
        }
        for (int i = in.readInt(); i > 0; i--) {
            String name = StateIo.readString(in);
            long shape = in.readLong();
            boolean leaving = in.readBoolean();
            List<Output> told = new ArrayList<>();
            for (int place : StateIo.readInts(in)) {
                told.add(tell(series.get(place)));
            }
            List<Labels> gauges = new ArrayList<>();
            for (int k = in.readInt(); k > 0; k--) {
                gauges.add(StateIo.readLabels(in));
            }
            ToldTarget target = new ToldTarget(this, shape, told, gauges, GaugeTarget.read(in, gauges));
            target.leaving = leaving;
            target.values.claim(owners);
            targets.put(name, target);
        }
    }

    /** The targets by name. */
    Map<String, ToldTarget> targets() {
        return targets;
    }

    /** A copy that shares nothing that changes. */
    Group copy() {
        Group copy = new Group(project, labels);
        for (Member member : members.values()) {
            Member copied = member.copy();
            copy.members.put(copied.labels(), copied);
            copy.owners.claim(copied.outputs(), copied);
        }
        outputs.keySet().forEach(series -> copy.outputs.put(series, new Output(series)));
        targets.forEach((name, target) -> {
            List<Output> told = new ArrayList<>(target.outputs.size());
            target.outputs.forEach(output -> told.add(copy.tell(output.series)));
            ToldTarget copied = new ToldTarget(copy, target.shape, told, target.gauges, target.values.copy());
            copied.leaving = target.leaving;
            copied.values.claim(copy.owners);
            copy.targets.put(name, copied);
        });
        derived.forEach((histogram, gauge) -> copy.derived.put(histogram, gauge.copy()));
        copy.ended.putAll(ended);
        copy.mixed.addAll(mixed);
        copy.families.putAll(families);
        copy.newFamilies.addAll(newFamilies);
        return copy;
    }

    /** One report on its way into the members. */
    private static final class Intake {
        final ScrapeReport report;
        final LaneRules rules;
        final long closedMs;
        private long sharesTookMs;
        private double[] shares = {};

        Intake(ScrapeReport report, LaneRules rules, long closedMs) {
            this.report = report;
            this.rules = rules;
            this.closedMs = closedMs;
        }

        void add(Member member, OutputSeries series, int increment) {
            keepAlive(member);
            Increments increments = report.increments();
            double sum = increments.sum(increment);
            if (increments.adds(increment)) {
                member.series.add(
                        series.layout(),
                        increments.amounts(),
                        increments.start(increment),
                        sum,
                        shares(increments.tookMs(increment)));
            } else if (!Double.isNaN(sum)) {
                // A sum of 0 is added too: it tells that the histogram has one.
                member.series.add(
                        series.layout(), new double[series.width()], 0, sum, shares(increments.tookMs(increment)));
            }
        }

        void add(Member member, double amount) {
            keepAlive(member);
            member.series.add(null, new double[] {amount}, 0, Double.NaN, shares(0));
        }

        /** Not before the frontier, though it may come late: what it adds is released behind that. */
        private void keepAlive(Member member) {
            member.lastSeenMs = Math.max(member.lastSeenMs, Math.max(report.appendMs(), closedMs));
        }

        /** Most increments of a scrape took as long as the others, so that this is computed once. */
        private double[] shares(long tookMs) {
            long lastingMs = tookMs > 0 ? tookMs : report.intervalMs();
            if (lastingMs != sharesTookMs) {
                sharesTookMs = lastingMs;
                Span span = Span.of(report.seenMs(), lastingMs, closedMs, rules.windowMs());
                shares = span.shares(closedMs, rules.windowMs());
            }
            return shares;
        }
    }

    /** Where a group's window goes. */
    interface RecordOutput {
        WriteRequestEncoder encoder();

        /** Makes a record of what the encoder holds, if that is more. */
        void cutAbove(int bytes);
    }
}
