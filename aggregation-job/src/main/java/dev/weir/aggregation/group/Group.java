package dev.weir.aggregation.group;

import dev.weir.aggregation.release.CumulativeSeries;
import dev.weir.aggregation.release.Span;
import dev.weir.aggregation.state.StateIo;
import dev.weir.aggregation.view.DerivedGauge;
import dev.weir.aggregation.view.View;
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
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

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
    private final Map<String, GaugeTarget> targets = new TreeMap<>();
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
        return targets.isEmpty() && derived.values().stream().noneMatch(DerivedGauge::isLive) && !hasUnwritten();
    }

    /** Whether windows to come hold something that is known already. */
    boolean hasUnwritten() {
        return members.values().stream().anyMatch(Member::hasUnwritten)
                || targets.values().stream().anyMatch(GaugeTarget::isWaiting);
    }

    void take(ScrapeReport report, LaneRules rules, long closedMs) {
        Span lastingInterval = Span.of(report.seenMs(), report.intervalMs(), closedMs, rules.windowMs());
        for (Increment increment : report.increments()) {
            Span span = increment.tookMs() > 0
                    ? Span.of(report.seenMs(), increment.tookMs(), closedMs, rules.windowMs())
                    : lastingInterval;
            add(increment, increment.labels(), rules.windowMs(), span, report.appendMs(), rules, closedMs);
            for (View view : rules.views()) {
                Labels viewed = view.labels(increment.labels(), labels);
                if (viewed != null) {
                    add(increment, viewed, view.stepMs(), span, report.appendMs(), rules, closedMs);
                    DerivedGauge gauge = view.derivedFrom(viewed);
                    if (gauge != null) {
                        derived.putIfAbsent(viewed, gauge);
                    }
                }
            }
        }
        long windowEndMs = Math.max(rules.windowEnd(report.appendMs()), closedMs + rules.windowMs());
        targets.computeIfAbsent(report.target(), key -> new GaugeTarget()).take(report, windowEndMs);
        if (families.size() > MAX_FAMILIES) {
            families.clear();
        }
        for (FamilyInfo family : report.families()) {
            if (!family.equals(families.put(family.name(), family))) {
                newFamilies.add(family);
            }
        }
    }

    private void add(
            Increment increment, Labels output, long stepMs, Span span, long appendMs, LaneRules rules, long closedMs) {
        Member member = members.get(output);
        if (member == null) {
            CumulativeSeries series = new CumulativeSeries(rules.windowMs(), increment.layout(), closedMs);
            member = new Member(increment.kind(), output, Math.max(stepMs, rules.windowMs()), rules.windowMs(), series);
            if (!owners.claim(member.outputs(), member)) {
                rules.typeConflict();
                return;
            }
            members.put(output, member);
        } else if ((member.series.layout() == null) != (increment.layout() == null)) {
            // It does not keep the member alive, so that a family that changed its type everywhere returns.
            rules.typeConflict();
            return;
        }
        // Not before the frontier, though it may come late: what it adds is released behind that.
        member.lastSeenMs = Math.max(member.lastSeenMs, Math.max(appendMs, closedMs));
        // A sum of 0 is added too: it tells that the histogram has one.
        boolean adds = !Double.isNaN(increment.sumAmount());
        for (double amount : increment.amounts()) {
            adds |= amount != 0;
        }
        if (adds) {
            member.series.add(increment.layout(), increment.amounts(), increment.sumAmount(), span);
        }
    }

    /** Closes the window that ends then and gives its records to {@code out}. */
    void closeWindow(long windowEndMs, LaneRules rules, RecordOutput out) {
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
        Set<Labels> written = new HashSet<>();
        Iterator<GaugeTarget> gauges = targets.values().iterator();
        while (gauges.hasNext()) {
            GaugeTarget target = gauges.next();
            target.closeWindow(windowEndMs, rules, owners, written, encoder);
            if (target.isGone()) {
                gauges.remove();
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
        out.writeInt(targets.size());
        for (Map.Entry<String, GaugeTarget> target : targets.entrySet()) {
            StateIo.writeString(out, target.getKey());
            target.getValue().write(out);
        }
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
        for (int i = in.readInt(); i > 0; i--) {
            String name = StateIo.readString(in);
            group.targets.put(name, GaugeTarget.read(in, group.owners));
        }
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

    /** Where a group's window goes. */
    interface RecordOutput {
        WriteRequestEncoder encoder();

        /** Makes a record of what the encoder holds, if that is more. */
        void cutAbove(int bytes);
    }
}
