package dev.weir.aggregation.derived;

import dev.weir.aggregation.canonical.CanonicalFamily;
import dev.weir.aggregation.canonical.CompletenessBoard;
import dev.weir.aggregation.canonical.GaugeBoard;
import dev.weir.aggregation.member.LaneRules;
import dev.weir.aggregation.member.SeriesOwners;
import dev.weir.aggregation.report.FamilyInfo;
import dev.weir.aggregation.report.ScrapeReport;
import dev.weir.aggregation.state.StateIo;
import dev.weir.aggregation.view.View;
import dev.weir.schemas.WriteRequestEncoder;
import dev.weir.schemas.remotewrite.MetricMetadata.MetricType;
import dev.weir.series.Labels;
import dev.weir.series.StaleMarker;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The canonical gauges of a group and the views' gauges: aggregates over the targets whose newest scrape succeeded within
 * two intervals, written every window, ended where no target has a value any more; and which part of the targets that is.
 */
public final class DerivedGauges {
    /** A target that is silent for so many intervals has no part in an aggregate. */
    private static final int SILENT_INTERVALS = 2;

    private static final Set<String> NAME = Set.of(Labels.METRIC_NAME);

    private final Labels group;
    private GaugeBoard board = new GaugeBoard();
    private CompletenessBoard completeness = new CompletenessBoard();
    /** Series whose newest point is a value. */
    private final Set<Labels> live = new HashSet<>();

    private final List<FamilyInfo> newFamilies = new ArrayList<>();

    public DerivedGauges(Labels group) {
        this.group = group;
    }

    public boolean isEmpty() {
        return live.isEmpty() && board.isEmpty() && completeness.isEmpty();
    }

    /** Whether windows to come write nothing but that no target is seen. */
    public boolean isQuiet() {
        return board.isEmpty()
                && completeness.isQuiet()
                && live.stream()
                        .allMatch(series -> series.metricName().equals(CanonicalFamily.COMPLETENESS.metricName()));
    }

    /** Metadata of what came since the last call. */
    public List<FamilyInfo> drainFamilies() {
        List<FamilyInfo> families = List.copyOf(newFamilies);
        newFamilies.clear();
        return families;
    }

    /** Takes what a report says, which counts from the end of its window on. */
    public void take(CanonicalGauges gauges, ScrapeReport report, long windowEndMs) {
        long untilMs = report.appendMs() + SILENT_INTERVALS * report.intervalMs();
        board.take(report.target(), gauges.page(report.gauges()), windowEndMs);
        board.expect(report.target(), untilMs);
        completeness.take(
                report.target(),
                gauges.ratios(report.gauges()),
                new CompletenessBoard.Look(CanonicalGauges.isUp(report.gauges()), untilMs, report.lastWord()),
                windowEndMs);
    }

    /** The target is going away: its values count no more once those that are waiting have had their window. */
    public void leave(String target) {
        board.leave(target);
        completeness.leave(target);
    }

    public void closeWindow(long windowEndMs, LaneRules rules, SeriesOwners owners, WriteRequestEncoder out) {
        Map<Labels, Double> values = board.closeWindow(windowEndMs, rules.windowMs());
        values.putAll(
                completeness.closeWindow(windowEndMs, rules.windowMs(), CanonicalGauges.ratioWithoutEngine(group)));
        Map<Labels, Double> viewed = new LinkedHashMap<>();
        Set<Labels> kept = new HashSet<>();
        for (View view : rules.views()) {
            boolean due = view.stepMs() <= rules.windowMs()
                    || Math.floorDiv(windowEndMs, view.stepMs())
                            != Math.floorDiv(windowEndMs - rules.windowMs(), view.stepMs());
            view(view, values).forEach((series, value) -> {
                kept.add(series);
                if (due) {
                    viewed.put(series, value);
                }
            });
        }
        values.forEach((series, value) -> write(series, value, windowEndMs, owners, out));
        viewed.forEach((series, value) -> write(series, value, windowEndMs, owners, out));
        live.removeIf(series -> {
            boolean over = !values.containsKey(series) && !kept.contains(series);
            if (over && !owners.has(series)) {
                out.add(WriteRequestEncoder.labels(series.toMap()), windowEndMs, StaleMarker.VALUE);
            }
            return over;
        });
    }

    private void write(Labels series, double value, long windowEndMs, SeriesOwners owners, WriteRequestEncoder out) {
        if (owners.hasFamily(series.metricName())) {
            if (live.remove(series) && !owners.has(series)) {
                out.add(WriteRequestEncoder.labels(series.toMap()), windowEndMs, StaleMarker.VALUE);
            }
            return;
        }
        out.add(WriteRequestEncoder.labels(series.toMap()), windowEndMs, value);
        if (live.add(series)) {
            CanonicalFamily family = CanonicalFamily.words().get(series.metricName());
            newFamilies.add(new FamilyInfo(
                    series.metricName(),
                    MetricType.GAUGE.getNumber(),
                    family == null ? "" : family.help(),
                    family == null ? "" : family.unit()));
        }
    }

    /** The view's gauges. Where its labels make one series of several, ratios give their mean, all else the sum. */
    private Map<Labels, Double> view(View view, Map<Labels, Double> values) {
        Map<Labels, Double> sums = new LinkedHashMap<>();
        Map<Labels, Integer> counts = new LinkedHashMap<>();
        values.forEach((series, value) -> {
            CanonicalFamily family = CanonicalFamily.words().get(series.metricName());
            if (family == null
                    || !view.vantage().word().equals(series.get("vantage"))
                    || !view.source().equals(series.get("source"))) {
                return;
            }
            for (View.Use use : view.usesOf(family, any -> true)) {
                double shown = value * use.source().scale();
                if (use.family().perReplica()) {
                    shown /= replicas(series, values);
                }
                if (Double.isNaN(shown)) {
                    continue;
                }
                Labels viewed = view.labels(use.family().name(), series, group);
                sums.merge(viewed, shown, Double::sum);
                counts.merge(viewed, family.unit().equals("ratio") ? 1 : 0, Integer::sum);
            }
        });
        sums.replaceAll((series, sum) -> sum / Math.max(1, counts.getOrDefault(series, 1)));
        return sums;
    }

    /** Replicas of the series' origin; NaN if it is not known. */
    private static double replicas(Labels series, Map<Labels, Double> values) {
        Map<String, String> of = series.toMap();
        for (Map.Entry<Labels, Double> other : values.entrySet()) {
            boolean counts = other.getKey().metricName().equals(CanonicalFamily.REPLICAS.metricName());
            if (counts
                    && of.entrySet()
                            .containsAll(other.getKey().without(NAME).toMap().entrySet())) {
                return other.getValue();
            }
        }
        return Double.NaN;
    }

    public void write(DataOutput out) throws IOException {
        board.write(out);
        completeness.write(out);
        out.writeInt(live.size());
        for (Labels series : live) {
            StateIo.writeLabels(out, series);
        }
        out.writeInt(newFamilies.size());
        for (FamilyInfo family : newFamilies) {
            family.write(out);
        }
    }

    public static DerivedGauges read(DataInput in, Labels group) throws IOException {
        DerivedGauges gauges = new DerivedGauges(group);
        gauges.board = GaugeBoard.read(in);
        gauges.completeness = CompletenessBoard.read(in);
        for (int i = in.readInt(); i > 0; i--) {
            gauges.live.add(StateIo.readLabels(in));
        }
        for (int i = in.readInt(); i > 0; i--) {
            gauges.newFamilies.add(FamilyInfo.read(in));
        }
        return gauges;
    }
}
