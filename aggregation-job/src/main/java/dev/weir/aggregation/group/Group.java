package dev.weir.aggregation.group;

import dev.weir.aggregation.profile.PageProfile;
import dev.weir.aggregation.release.CumulativeSeries;
import dev.weir.aggregation.release.Span;
import dev.weir.aggregation.state.StateIo;
import dev.weir.schemas.WriteRequestEncoder;
import dev.weir.schemas.remotewrite.MetricMetadata;
import dev.weir.series.Labels;
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

    private final DerivedSeries derived;
    private final DerivedGauges derivedGauges;
    /** Who writes which series; follows from the members and the targets' live gauges. */
    private final SeriesOwners owners = new SeriesOwners();
    /** Series that ended, and when, until their labels may carry an earlier point again. */
    private final Map<Labels, Long> ended = new HashMap<>();

    private final MixedLayouts mixed;

    /** Metadata as it was last written; written anew by every new attempt of the job. */
    private final Map<String, FamilyInfo> families = new HashMap<>();

    private final List<FamilyInfo> newFamilies = new ArrayList<>();

    Group(String project, Labels labels) {
        this(project, labels, new DerivedSeries(labels), new DerivedGauges(labels), new MixedLayouts());
    }

    private Group(
            String project, Labels labels, DerivedSeries derived, DerivedGauges derivedGauges, MixedLayouts mixed) {
        this.project = project;
        this.labels = labels;
        this.derived = derived;
        this.derivedGauges = derivedGauges;
        this.mixed = mixed;
    }

    String project() {
        return project;
    }

    boolean isEmpty() {
        return members.isEmpty()
                && targets.isEmpty()
                && ended.isEmpty()
                && derived.isEmpty()
                && derivedGauges.isEmpty();
    }

    /** Whether a window may be left out without a loss. */
    boolean isQuiet() {
        return targets.values().stream().allMatch(target -> target.values.isQuiet())
                && derivedGauges.isEmpty()
                && !derived.isChanging()
                && !hasUnwritten();
    }

    /** Whether windows to come hold something that is known already. */
    boolean hasUnwritten() {
        return members.values().stream().anyMatch(Member::hasUnwritten)
                || derived.hasUnwritten()
                || targets.values().stream().anyMatch(target -> target.values.isWaiting());
    }

    /** Takes what a target tells of itself, in the place of what it told before. */
    ToldTarget tell(String target, long shape, Telling telling) {
        ToldTarget former = targets.get(target);
        List<Output> told = new ArrayList<>(telling.series().size());
        for (OutputSeries series : telling.series()) {
            told.add(tell(series));
        }
        GaugeTarget values = former == null ? new GaugeTarget() : former.values;
        ToldTarget present = new ToldTarget(this, shape, telling.page(), told, telling.gauges(), values);
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
        PageProfile page = rules.pages().of(target.page);
        Increments increments = report.increments();
        for (int i = 0; i < increments.size(); i++) {
            Output output = target.outputs.get(increments.series(i));
            Member member = member(output, intake);
            if (member != null) {
                if (member.isNewTo(page)) {
                    member.feed(page, derived.open(member, page, rules, closedMs));
                }
                intake.add(member, output.series, i);
            }
        }
        for (NativeGain gain : report.natives()) {
            // What is derived may count in other units, which native buckets cannot be moved to; it has the classic
            // ones.
            Output output = target.outputs.get(increments.series(gain.increment()));
            Member member = member(output, intake);
            if (member != null) {
                addNative(member, gain, intake);
            }
        }
        for (Unaccounted unaccounted : report.unaccounted()) {
            addUnaccounted(target.outputs.get(unaccounted.series()).series, unaccounted, intake);
        }
        long windowEndMs = Math.max(rules.windowEnd(report.appendMs()), closedMs + rules.windowMs());
        target.values.take(report, target.gauges, windowEndMs);
        derivedGauges.take(target, page, report, windowEndMs);
        if (families.size() > MAX_FAMILIES) {
            families.clear();
        }
        report.families().forEach(this::tell);
    }

    private void tell(FamilyInfo family) {
        if (!family.equals(families.put(family.name(), family))) {
            newFamilies.add(family);
        }
    }

    private void addNative(Member member, NativeGain gain, Intake intake) {
        NativeOutput output = member.nativeOutput();
        if (output == null) {
            if (!owners.claim(member.labels(), member)) {
                intake.rules.typeConflict();
                return;
            }
            output = member.addNativeOutput();
        }
        output.histogram.add(
                gain.gained(), intake.shares(intake.report.increments().tookMs(gain.increment())));
    }

    private void addUnaccounted(OutputSeries of, Unaccounted unaccounted, Intake intake) {
        Labels counter = labels.toBuilder()
                .set(Labels.METRIC_NAME, Lane.UNACCOUNTED)
                .set("metric", of.labels().metricName())
                .set("reason", unaccounted.reason())
                .build();
        OutputSeries series = new OutputSeries(SeriesKind.COUNTER, counter, null);
        Member member = member(new Output(series), intake);
        if (member != null) {
            intake.add(member, unaccounted.amount());
        }
    }

    /** The member that the output adds to, made if need be; null if it cannot be merged. */
    private @Nullable Member member(Output output, Intake intake) {
        OutputSeries series = output.series;
        Member member = output.member;
        if (member != null && !member.ended) {
            return member;
        }
        LaneRules rules = intake.rules;
        member = members.get(series.labels());
        if (member == null) {
            CumulativeSeries cumulative = new CumulativeSeries(rules.windowMs(), series.layout(), intake.closedMs);
            member = new Member(series.kind(), series.labels(), rules.windowMs(), rules.windowMs(), cumulative);
            if (!owners.claim(member.outputs(), member)) {
                rules.typeConflict();
                return null;
            }
            members.put(series.labels(), member);
            if (derived.has(series.labels())) {
                // The canonical or view's series of these labels falls silent for it; its points stand.
                ended.put(series.labels(), intake.closedMs);
            }
        } else if ((member.series.layout() == null) != (series.layout() == null)) {
            // It does not keep the member alive, so that a family that changed its type everywhere returns.
            rules.typeConflict();
            return null;
        }
        output.member = member;
        return member;
    }

    /**
     * Closes the window that ends then and gives its records to {@code out}.
     *
     * @param forgotten takes the targets that have gone
     */
    void closeWindow(long windowEndMs, LaneRules rules, Map<String, ToldTarget> forgotten, RecordOutput out) {
        WriteRequestEncoder encoder = out.encoder();
        derived.drainFamilies().forEach(this::tell);
        derivedGauges.drainFamilies().forEach(this::tell);
        encoder.addMetadata(drainMetadata());
        Member.Receiver receiver = derived.receiver(windowEndMs, rules);
        Iterator<Member> all = members.values().iterator();
        while (all.hasNext()) {
            Member member = all.next();
            member.closeWindow(receiver);
            if (!member.hasUnwritten() && windowEndMs - member.lastSeenMs > rules.expiryMs()) {
                end(member, windowEndMs, encoder);
                all.remove();
            } else {
                member.writePoint(windowEndMs, ended.getOrDefault(member.labels(), Long.MIN_VALUE), encoder);
                mixed.write(member, windowEndMs, encoder);
                derived.touch(member, windowEndMs);
            }
            out.cutAbove(RECORD_BYTES);
        }
        derived.closeWindow(windowEndMs, owners, ended, out, RECORD_BYTES);
        Set<Labels> endedNow = new HashSet<>();
        Iterator<Map.Entry<String, ToldTarget>> told = targets.entrySet().iterator();
        while (told.hasNext()) {
            Map.Entry<String, ToldTarget> entry = told.next();
            ToldTarget target = entry.getValue();
            target.values.closeWindow(windowEndMs, target.leaving, rules, owners, endedNow, encoder);
            if (target.leaving) {
                derivedGauges.leave(entry.getKey());
            }
            if (target.leaving && target.values.isQuiet()) {
                forgotten.put(entry.getKey(), target);
                untell(target);
                told.remove();
            }
            out.cutAbove(RECORD_BYTES);
        }
        derivedGauges.closeWindow(windowEndMs, rules, owners, encoder);
        out.cutAbove(0);
        ended.values().removeIf(endMs -> windowEndMs - endMs > rules.longestStepMs());
    }

    void skipTo(long closedMs) {
        members.values().forEach(member -> member.skipTo(closedMs));
        derived.skipTo(closedMs);
    }

    private void end(Member member, long windowEndMs, WriteRequestEncoder out) {
        member.writeStaleMarkers(windowEndMs, out);
        mixed.end(member, windowEndMs, out);
        member.ended = true;
        ended.put(member.labels(), windowEndMs);
        owners.release(member.outputs());
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
        derived.write(out);
        derivedGauges.write(out);
        out.writeInt(members.size());
        for (Member member : members.values()) {
            member.write(out);
            out.writeBoolean(mixed.isTold(member));
        }
        writeTargets(out);
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
        String project = StateIo.readString(in);
        Labels labels = StateIo.readLabels(in);
        DerivedSeries derived = DerivedSeries.read(in, labels, windowMs);
        DerivedGauges derivedGauges = DerivedGauges.read(in, labels);
        Group group = new Group(project, labels, derived, derivedGauges, new MixedLayouts());
        for (int i = in.readInt(); i > 0; i--) {
            Member member = Member.read(in, windowMs);
            group.members.put(member.labels(), member);
            group.owners.claim(member.outputs(), member);
            if (in.readBoolean()) {
                group.mixed.wasTold(member);
            }
        }
        group.readTargets(in);
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

    private void readTargets(DataInput in) throws IOException {
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
            ToldTarget target = new ToldTarget(this, shape, page, told, gauges, GaugeTarget.read(in, gauges));
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
        Group copy = new Group(project, labels, derived.copy(), derivedGauges.copy(), mixed.copy());
        for (Member member : members.values()) {
            Member copied = member.copy();
            copy.members.put(copied.labels(), copied);
            copy.owners.claim(copied.outputs(), copied);
        }
        outputs.keySet().forEach(series -> copy.outputs.put(series, new Output(series)));
        targets.forEach((name, target) -> {
            List<Output> told = new ArrayList<>(target.outputs.size());
            target.outputs.forEach(output -> told.add(copy.tell(output.series)));
            ToldTarget copied =
                    new ToldTarget(copy, target.shape, target.page, told, target.gauges, target.values.copy());
            copied.leaving = target.leaving;
            copied.values.claim(copy.owners);
            copy.targets.put(name, copied);
        });
        copy.ended.putAll(ended);
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
                member.add(
                        series.layout(),
                        increments.amounts(),
                        increments.start(increment),
                        sum,
                        shares(increments.tookMs(increment)));
            } else if (!Double.isNaN(sum)) {
                // A sum of 0 is added too: it tells that the histogram has one.
                member.add(series.layout(), new double[series.width()], 0, sum, shares(increments.tookMs(increment)));
            }
        }

        void add(Member member, double amount) {
            keepAlive(member);
            member.add(null, new double[] {amount}, 0, Double.NaN, shares(0));
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
