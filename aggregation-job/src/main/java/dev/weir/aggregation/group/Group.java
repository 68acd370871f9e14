package dev.weir.aggregation.group;

import dev.weir.aggregation.derived.DerivedGauges;
import dev.weir.aggregation.derived.DerivedSeries;
import dev.weir.aggregation.member.LaneRules;
import dev.weir.aggregation.member.Member;
import dev.weir.aggregation.member.MixedLayouts;
import dev.weir.aggregation.member.RecordOutput;
import dev.weir.aggregation.member.SeriesOwners;
import dev.weir.aggregation.profile.PageProfile;
import dev.weir.aggregation.release.CumulativeSeries;
import dev.weir.aggregation.report.CounterResets;
import dev.weir.aggregation.report.Increments;
import dev.weir.aggregation.report.NativeGain;
import dev.weir.aggregation.report.OutputSeries;
import dev.weir.aggregation.report.OwnSeries;
import dev.weir.aggregation.report.ScrapeReport;
import dev.weir.aggregation.report.SeriesKind;
import dev.weir.aggregation.report.Telling;
import dev.weir.aggregation.report.Unaccounted;
import dev.weir.aggregation.state.EntryChanges;
import dev.weir.aggregation.state.StateIo;
import dev.weir.schemas.WriteRequestEncoder;
import dev.weir.series.Labels;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * All targets that differ only in per-replica labels, summed up. Bounded by the series of the group, not by its targets
 * but for their gauges; empty an hour after its last target.
 */
final class Group {
    /** A record is cut at the first series that ends above this; a series, a histogram whole, is never cut. */
    private static final int RECORD_BYTES = 512 * 1024;

    /** Why events are unaccounted that not even {@link OtherSeries} have room for. */
    private static final String SERIES_LIMIT = "series_limit";

    /** Stands for the labels in names of entries. */
    private final long number;

    private final String project;
    private final Labels labels;
    private final Map<Labels, Member> members = new LinkedHashMap<>();
    private final ToldTargets targets = new ToldTargets(this);

    private final DerivedSeries derived;
    private final DerivedGauges derivedGauges;
    /** Who writes which series; follows from the members and the targets' live gauges. */
    private final SeriesOwners owners = new SeriesOwners();
    /** Series that ended, and when, until their labels may carry an earlier point again. */
    private final Map<Labels, Long> ended = new HashMap<>();

    private final MixedLayouts mixed;

    private final Metadata metadata = new Metadata();
    /** Members that take what goes beyond the project's limit. */
    private final Set<Labels> others = new HashSet<>();

    /** Whether all that its targets tell goes beyond it. */
    private final boolean takesOthers;
    /** Whether it is stored otherwise than it is here. */
    private boolean changed = true;

    /** @param takesOthers whether its targets' series are summed up, all of them, in {@link OtherSeries} */
    Group(long number, String project, Labels labels, boolean takesOthers) {
        this(
                number,
                project,
                labels,
                takesOthers,
                new DerivedSeries(labels),
                new DerivedGauges(labels),
                new MixedLayouts());
    }

    private Group(
            long number,
            String project,
            Labels labels,
            boolean takesOthers,
            DerivedSeries derived,
            DerivedGauges derivedGauges,
            MixedLayouts mixed) {
        this.number = number;
        this.project = project;
        this.labels = labels;
        this.takesOthers = takesOthers;
        this.derived = derived;
        this.derivedGauges = derivedGauges;
        this.mixed = mixed;
    }

    long number() {
        return number;
    }

    String project() {
        return project;
    }

    Labels labels() {
        return labels;
    }

    boolean takesOthers() {
        return takesOthers;
    }

    /** Series of its own members, and live gauges of its targets. */
    int seriesCount() {
        return targets.liveGauges()
                + members.values().stream().mapToInt(Member::seriesCount).sum();
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
        return targets.isQuiet() && derivedGauges.isQuiet() && !derived.isChanging() && !hasUnwritten();
    }

    /** Whether windows to come hold something that is known already. */
    boolean hasUnwritten() {
        return members.values().stream().anyMatch(Member::hasUnwritten)
                || derived.hasUnwritten()
                || targets.isWaiting();
    }

    /** Takes what a target tells of itself, in the place of what it told before. */
    ToldTarget tell(String target, long shape, Telling telling) {
        changed = true;
        return targets.tell(target, shape, telling);
    }

    /** Takes a report of what {@code target} told. */
    void take(ToldTarget target, ScrapeReport report, LaneRules rules, SeriesBudget budget, long closedMs) {
        changed = true;
        PageProfile page = rules.pages().of(target.page);
        Intake intake = new Intake(report, rules, closedMs, budget, page);
        Increments increments = report.increments();
        for (int i = 0; i < increments.size(); i++) {
            Output output = target.outputs.get(increments.series(i));
            Member member = member(output, intake);
            if (member != null) {
                if (member.isNewTo(page)) {
                    member.feed(page, derived.open(member, page, rules, closedMs));
                }
                intake.add(member, output.series, i);
            } else if (output.folded) {
                intake.lose(i);
            }
        }
        for (NativeGain gain : report.natives()) {
            Output output = target.outputs.get(increments.series(gain.increment()));
            Member member = member(output, intake);
            if (member != null) {
                addNative(member, output.series, gain, intake);
            }
        }
        for (Unaccounted unaccounted : report.unaccounted()) {
            OutputSeries of = target.outputs.get(unaccounted.series()).series;
            addUnaccounted(of.labels().metricName(), unaccounted.reason(), unaccounted.amount(), intake);
        }
        for (CounterResets resets : report.resets()) {
            addResets(resets, intake);
        }
        if (intake.lost > 0) {
            addUnaccounted(OtherSeries.OTHER, SERIES_LIMIT, intake.lost, intake);
        }
        long windowEndMs = Math.max(rules.windowEnd(report.appendMs()), closedMs + rules.windowMs());
        target.values.take(report, target.gauges, windowEndMs);
        derivedGauges.take(target.canonicalGauges(page), report, windowEndMs);
        metadata.take(report.families());
    }

    private void addNative(Member member, OutputSeries series, NativeGain gain, Intake intake) {
        if (member.nativeOutput() == null) {
            if (owners.claim(member.labels(), member)) {
                member.addNativeOutput();
            } else {
                intake.rules.typeConflict();
            }
        }
        intake.addNative(member, series, gain);
    }

    private void addUnaccounted(String metric, String reason, double amount, Intake intake) {
        Labels counter = labels.toBuilder()
                .set(Labels.METRIC_NAME, OwnSeries.UNACCOUNTED)
                .set("metric", metric)
                .set("reason", reason)
                .build();
        count(counter, amount, intake);
    }

    private void addResets(CounterResets resets, Intake intake) {
        Labels counter = labels.toBuilder()
                .set(Labels.METRIC_NAME, OwnSeries.RESETS)
                .set("reason", resets.reason())
                .build();
        count(counter, resets.series(), intake);
    }

    private void count(Labels counter, double amount, Intake intake) {
        OutputSeries series = new OutputSeries(SeriesKind.COUNTER, counter, null);
        Member member = member(new Output(Output.TOLD_BY_NONE, series), intake);
        if (member != null) {
            intake.add(member, amount);
        }
    }

    /** The member that the output adds to, made if need be; null if it cannot be merged. */
    private @Nullable Member member(Output output, Intake intake) {
        OutputSeries series = output.series;
        Member member = output.member;
        if (member != null && !member.hasEnded()) {
            return member;
        }
        LaneRules rules = intake.rules;
        Labels outputLabels = labels(output, intake);
        if (outputLabels == null) {
            return null;
        }
        member = members.get(outputLabels);
        if (member == null) {
            CumulativeSeries cumulative = new CumulativeSeries(rules.windowMs(), series.layout(), intake.closedMs);
            member = new Member(series.kind(), outputLabels, rules.windowMs(), rules.windowMs(), cumulative);
            if (!owners.claim(member.outputs(), member)) {
                rules.typeConflict();
                return null;
            }
            members.put(outputLabels, member);
            if (derived.has(outputLabels)) {
                // The canonical or view's series of these labels falls silent for it; its points stand.
                ended.put(outputLabels, intake.closedMs);
            }
        } else if ((member.series().layout() == null) != (series.layout() == null)) {
            // It does not keep the member alive, so that a family that changed its type everywhere returns.
            rules.typeConflict();
            return null;
        }
        output.member = member;
        return member;
    }

    /** Labels of the series that the output adds to, its own if they have room; null if not even others have. */
    private @Nullable Labels labels(Output output, Intake intake) {
        Labels own = output.series.labels();
        boolean exempt = OtherSeries.OTHER.equals(own.get("metric")) && output.id == Output.TOLD_BY_NONE;
        boolean fits = members.containsKey(own)
                || exempt
                || (!takesOthers && !output.folded && intake.budget.admit(output.series.seriesCount(), intake.rules));
        if (fits) {
            return own;
        }
        if (!output.folded && output.id != Output.TOLD_BY_NONE) {
            intake.budget.countFolded(output.series.seriesCount());
        }
        output.folded = true;
        Labels other = OtherSeries.labels(own, labels, intake.page);
        boolean known = members.containsKey(other);
        if (!known && others.size() >= OtherSeries.MAX_PER_GROUP) {
            return null;
        }
        others.add(other);
        return other;
    }

    /**
     * Closes the window that ends then and gives its records to {@code out}.
     *
     * @param forgotten takes the targets that have gone
     */
    void closeWindow(
            long windowEndMs,
            LaneRules rules,
            SeriesBudget budget,
            Map<String, ToldTarget> forgotten,
            RecordOutput out) {
        changed = true;
        WriteRequestEncoder encoder = out.encoder();
        metadata.take(derived.drainFamilies());
        metadata.take(derivedGauges.drainFamilies());
        encoder.addMetadata(metadata.drain());
        Member.Receiver receiver = derived.receiver(windowEndMs, rules);
        Iterator<Member> all = members.values().iterator();
        while (all.hasNext()) {
            Member member = all.next();
            member.closeWindow(receiver);
            if (!member.hasBegun(windowEndMs)) {
                continue;
            }
            if (!member.hasUnwritten() && windowEndMs - member.lastSeenMs() > rules.expiryMs()) {
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
        targets.closeWindow(windowEndMs, rules, budget, owners, derivedGauges, forgotten, out, RECORD_BYTES);
        derivedGauges.closeWindow(windowEndMs, rules, owners, encoder);
        out.cutAbove(0);
        ended.values().removeIf(endMs -> windowEndMs - endMs > rules.longestStepMs());
    }

    void skipTo(long closedMs) {
        changed = true;
        members.values().forEach(member -> member.skipTo(closedMs));
        derived.skipTo(closedMs);
    }

    private void end(Member member, long windowEndMs, WriteRequestEncoder out) {
        member.writeStaleMarkers(windowEndMs, out);
        mixed.end(member, windowEndMs, out);
        member.end();
        ended.put(member.labels(), windowEndMs);
        others.remove(member.labels());
        owners.release(member.outputs());
    }

    void addChanges(EntryChanges changes) throws IOException {
        if (changed) {
            changes.put(LaneEntry.group(number).text(), this::write);
            changed = false;
        }
        targets.addChanges(number, changes);
    }

    private void write(DataOutput out) throws IOException {
        StateIo.writeString(out, project);
        StateIo.writeLabels(out, labels);
        out.writeBoolean(takesOthers);
        derived.write(out);
        derivedGauges.write(out);
        out.writeInt(members.size());
        for (Member member : members.values()) {
            member.write(out);
            out.writeBoolean(mixed.isTold(member));
            out.writeBoolean(others.contains(member.labels()));
        }
        targets.write(out);
        out.writeInt(ended.size());
        for (Map.Entry<Labels, Long> end : ended.entrySet()) {
            StateIo.writeLabels(out, end.getKey());
            out.writeLong(end.getValue());
        }
        metadata.write(out);
    }

    static Group read(long number, DataInput in, long windowMs) throws IOException {
        String project = StateIo.readString(in);
        Labels labels = StateIo.readLabels(in);
        boolean takesOthers = in.readBoolean();
        DerivedSeries derived = DerivedSeries.read(in, labels, windowMs);
        DerivedGauges derivedGauges = DerivedGauges.read(in, labels);
        Group group = new Group(number, project, labels, takesOthers, derived, derivedGauges, new MixedLayouts());
        for (int i = in.readInt(); i > 0; i--) {
            Member member = Member.read(in, windowMs);
            group.members.put(member.labels(), member);
            group.owners.claim(member.outputs(), member);
            if (in.readBoolean()) {
                group.mixed.wasTold(member);
            }
            if (in.readBoolean()) {
                group.others.add(member.labels());
            }
        }
        group.targets.read(in);
        for (int i = in.readInt(); i > 0; i--) {
            group.ended.put(StateIo.readLabels(in), in.readLong());
        }
        group.metadata.read(in);
        group.changed = false;
        return group;
    }

    /** Reads the two entries of one of its targets. */
    void readTarget(String name, DataInput told, DataInput gauges) throws IOException {
        targets.readTarget(name, told, gauges, owners);
    }

    /** The targets by name. */
    Map<String, ToldTarget> targets() {
        return targets.byName();
    }
}
