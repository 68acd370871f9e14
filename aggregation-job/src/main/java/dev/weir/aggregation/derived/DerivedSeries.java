package dev.weir.aggregation.derived;

import dev.weir.aggregation.canonical.CanonicalFamily;
import dev.weir.aggregation.canonical.CanonicalFamily.Shape;
import dev.weir.aggregation.member.Feed;
import dev.weir.aggregation.member.LaneRules;
import dev.weir.aggregation.member.Member;
import dev.weir.aggregation.member.MixedLayouts;
import dev.weir.aggregation.member.RecordOutput;
import dev.weir.aggregation.member.ScaledLayouts;
import dev.weir.aggregation.member.SeriesOwners;
import dev.weir.aggregation.profile.Mapping;
import dev.weir.aggregation.profile.PageProfile;
import dev.weir.aggregation.profile.Profile;
import dev.weir.aggregation.profile.Source;
import dev.weir.aggregation.release.BucketLayout;
import dev.weir.aggregation.release.CumulativeSeries;
import dev.weir.aggregation.release.Span;
import dev.weir.aggregation.report.FamilyInfo;
import dev.weir.aggregation.report.SeriesKind;
import dev.weir.aggregation.view.View;
import dev.weir.schemas.WriteRequestEncoder;
import dev.weir.schemas.remotewrite.MetricMetadata.MetricType;
import dev.weir.series.FloatHistogram;
import dev.weir.series.Labels;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The cumulative series of a group that grow with its targets' own: the canonical ones with what those release, and the
 * views' with what the canonical ones do. So each holds, window by window, exactly what its sources hold, at a cost per
 * group and window and none per scrape. A series lives as long as one of its sources, and is silent while a target exposes
 * a family of its name.
 */
public final class DerivedSeries {
    private final Labels group;
    private final Map<Labels, Member> canonical = new LinkedHashMap<>();
    private final Map<Labels, Member> views = new LinkedHashMap<>();
    private ViewGauges viewGauges = new ViewGauges();
    private ClassicSketches sketches = new ClassicSketches();
    private UnreportedUsage usage = new UnreportedUsage();

    private MixedLayouts mixed = new MixedLayouts();
    private final ScaledLayouts layouts = new ScaledLayouts();
    private final List<FamilyInfo> newFamilies = new ArrayList<>();

    public DerivedSeries(Labels group) {
        this.group = group;
    }

    public boolean isEmpty() {
        return canonical.isEmpty() && views.isEmpty();
    }

    public boolean has(Labels series) {
        return canonical.containsKey(series) || views.containsKey(series);
    }

    public boolean hasUnwritten() {
        return canonical.values().stream().anyMatch(Member::hasUnwritten)
                || views.values().stream().anyMatch(Member::hasUnwritten);
    }

    /** Whether a window without increments would write other values than the one before. */
    public boolean isChanging() {
        return viewGauges.isChanging() || sketches.isChanging();
    }

    /** Metadata of what came since the last call. */
    public List<FamilyInfo> drainFamilies() {
        List<FamilyInfo> families = List.copyOf(newFamilies);
        newFamilies.clear();
        return families;
    }

    /** What the series of a target feeds by its page; the series that are fed are there from now on. */
    public List<Feed> open(Member source, PageProfile page, LaneRules rules, long closedMs) {
        List<Feed> feeds = new ArrayList<>();
        for (Mapping mapping : page.mappingsOf(source.labels().metricName())) {
            Shape shape = mapping.family().shape();
            if (shape == Shape.GAUGE || !mapping.selects(source.labels())) {
                continue;
            }
            Labels labels = mapping.labels(source.labels(), group);
            Feed feed = feed(source, shape, labels, mapping.source(), mapping.scale(), rules);
            if (feed != null) {
                feeds.add(feed);
                open(
                        canonical,
                        feed,
                        source,
                        0,
                        rules,
                        closedMs,
                        mapping.family().help());
                openViews(labels, mapping.family(), mapping.profile(), rules, closedMs);
            }
        }
        return feeds;
    }

    private void openViews(Labels labels, CanonicalFamily family, Profile profile, LaneRules rules, long closedMs) {
        Member source = canonical.get(labels);
        if (source == null) {
            return;
        }
        if (family == CanonicalFamily.REQUESTS && profile.maps(CanonicalFamily.OUTPUT_TOKENS)) {
            usage.expect(labels);
        }
        List<Feed> feeds = new ArrayList<>();
        for (View view : rules.views()) {
            if (view.vantage() != profile.vantage() || !view.source().equals(Mapping.SCRAPES)) {
                continue;
            }
            for (View.Use use : view.usesOf(family, profile::maps)) {
                Labels viewed = view.labels(use.family().name(), labels, group);
                Feed feed = feed(
                        source,
                        use.family().shape(),
                        viewed,
                        use.source(),
                        use.source().scale(),
                        rules);
                if (feed != null) {
                    feeds.add(feed);
                    open(
                            views,
                            feed,
                            source,
                            view.stepMs(),
                            rules,
                            closedMs,
                            use.family().help());
                    viewGauges.open(view, viewed);
                }
            }
        }
        source.feedOnly(feeds);
    }

    private static @Nullable Feed feed(
            Member from, Shape shape, Labels labels, Source source, double scale, LaneRules rules) {
        Feed feed = Feed.of(from.kind(), shape == Shape.HISTOGRAM, labels, source.take(), source.into(), scale);
        if (feed == null) {
            rules.typeConflict();
        }
        return feed;
    }

    private void open(
            Map<Labels, Member> members,
            Feed feed,
            Member source,
            long stepMs,
            LaneRules rules,
            long closedMs,
            String help) {
        if (members.containsKey(feed.labels())) {
            return;
        }
        BucketLayout layout = feed.layout(source.series().layout(), layouts);
        CumulativeSeries series = new CumulativeSeries(rules.windowMs(), layout, closedMs);
        long step = Math.max(stepMs, rules.windowMs());
        members.put(feed.labels(), new Member(feed.kind(), feed.labels(), step, rules.windowMs(), series));
        MetricType type = feed.kind() == SeriesKind.COUNTER ? MetricType.COUNTER : MetricType.HISTOGRAM;
        newFamilies.add(new FamilyInfo(feed.labels().metricName(), type.getNumber(), help, ""));
    }

    /** What the target's series feeds is alive in the window that closes. */
    public void touch(Member source, long windowEndMs) {
        source.touch(canonical, windowEndMs);
    }

    /** Takes what targets' series release in the window that closes. */
    public Member.Receiver receiver(long windowEndMs, LaneRules rules) {
        Member.Receiver classic = receiver(canonical, windowEndMs, rules.windowMs());
        return new Member.Receiver() {
            @Override
            public void fed(Feed feed, CumulativeSeries from, double @Nullable [] released) {
                classic.fed(feed, from, released);
            }

            @Override
            public void fedNative(
                    Feed feed, @Nullable FloatHistogram gained, CumulativeSeries from, double @Nullable [] released) {
                Member target = canonical.get(feed.labels());
                BucketLayout layout = from.layout();
                if (target != null && layout != null) {
                    sketches.take(target, gained, feed.layout(layout, layouts), released);
                }
            }
        };
    }

    private Member.Receiver receiver(Map<Labels, Member> fed, long windowEndMs, long windowMs) {
        return (feed, from, released) -> {
            Member target = fed.get(feed.labels());
            if (target == null
                    || (released == null && (!from.hasSum() || target.series().hasSum()))) {
                return;
            }
            BucketLayout layout = from.layout();
            // Without anything released, a sum of 0 tells that there is one.
            double[] amounts = released == null ? new double[layout == null ? 1 : layout.size() + 1] : released;
            target.series()
                    .add(
                            feed.layout(layout, layouts),
                            feed.amounts(amounts, layout != null),
                            feed.sum(amounts, layout != null, from.hasSum()),
                            new Span(windowEndMs - windowMs, windowMs));
        };
    }

    /** Closes the window; all targets' series have been fed from by now. */
    public void closeWindow(
            long windowEndMs, SeriesOwners owners, Map<Labels, Long> ended, RecordOutput out, int recordBytes) {
        closeWindow(canonical, windowEndMs, owners, ended, out, recordBytes);
        usage.closeWindow(windowEndMs, out.encoder());
        closeWindow(views, windowEndMs, owners, ended, out, recordBytes);
    }

    private void closeWindow(
            Map<Labels, Member> members,
            long windowEndMs,
            SeriesOwners owners,
            Map<Labels, Long> ended,
            RecordOutput out,
            int recordBytes) {
        WriteRequestEncoder encoder = out.encoder();
        Iterator<Member> all = members.values().iterator();
        while (all.hasNext()) {
            Member member = all.next();
            double[] released = member.closeWindow(receiver(views, windowEndMs, member.windowMs()));
            if (!member.hasBegun(windowEndMs)) {
                continue;
            }
            if (released != null) {
                usage.gained(member.labels(), released[0]);
            }
            boolean alive = member.lastSeenMs() >= windowEndMs;
            boolean silent = owners.hasFamily(member.labels().metricName());
            boolean marked = !silent || member.outputs().stream().noneMatch(owners::has);
            if (!alive && !member.hasUnwritten()) {
                if (marked) {
                    member.writeStaleMarkers(windowEndMs, encoder);
                }
                mixed.end(member, windowEndMs, encoder);
                viewGauges.end(member.labels(), windowEndMs, encoder);
                sketches.end(member.labels(), windowEndMs, encoder);
                usage.end(member.labels());
                ended.put(member.labels(), windowEndMs);
                all.remove();
            } else if (silent) {
                member.leaveOut(windowEndMs, marked, encoder);
                viewGauges.end(member.labels(), windowEndMs, encoder);
                sketches.leaveOut(member, windowEndMs, marked && !owners.has(member.labels()), encoder);
            } else if (member.isDue(windowEndMs)) {
                long blockedMs = ended.getOrDefault(member.labels(), Long.MIN_VALUE);
                member.writePoint(windowEndMs, blockedMs, encoder);
                mixed.write(member, windowEndMs, encoder);
                viewGauges.write(member, windowEndMs, owners, encoder);
                sketches.write(member, windowEndMs, blockedMs, encoder);
            }
            if (alive) {
                member.touch(views, windowEndMs);
            }
            out.cutAbove(recordBytes);
        }
    }

    public void skipTo(long closedMs) {
        canonical.values().forEach(member -> member.skipTo(closedMs));
        views.values().forEach(member -> member.skipTo(closedMs));
    }

    public void write(DataOutput out) throws IOException {
        for (Map<Labels, Member> members : List.of(canonical, views)) {
            out.writeInt(members.size());
            for (Member member : members.values()) {
                member.write(out);
                out.writeBoolean(mixed.isTold(member));
            }
        }
        viewGauges.write(out);
        sketches.write(out);
        usage.write(out);
        out.writeInt(newFamilies.size());
        for (FamilyInfo family : newFamilies) {
            family.write(out);
        }
    }

    public static DerivedSeries read(DataInput in, Labels group, long windowMs) throws IOException {
        DerivedSeries derived = new DerivedSeries(group);
        for (Map<Labels, Member> members : List.of(derived.canonical, derived.views)) {
            for (int i = in.readInt(); i > 0; i--) {
                Member member = Member.read(in, windowMs);
                members.put(member.labels(), member);
                if (in.readBoolean()) {
                    derived.mixed.wasTold(member);
                }
            }
        }
        derived.viewGauges = ViewGauges.read(in);
        derived.sketches = ClassicSketches.read(in);
        derived.usage = UnreportedUsage.read(in);
        for (int i = in.readInt(); i > 0; i--) {
            derived.newFamilies.add(FamilyInfo.read(in));
        }
        return derived;
    }
}
