package dev.weir.aggregation.report;

import dev.weir.series.Labels;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A scrape's report as tests write and read it: every number beside the labels that it goes with. */
public record PlainReport(
        String project,
        Labels group,
        String target,
        long appendMs,
        long seenMs,
        long intervalMs,
        boolean lastWord,
        String page,
        List<Increment> increments,
        List<GaugePoint> gauges,
        List<FamilyInfo> families) {

    /** The report with all that it means. */
    public ScrapeReport toReport() {
        List<OutputSeries> series = increments.stream()
                .map(increment -> new OutputSeries(increment.kind(), increment.labels(), increment.layout()))
                .toList();
        Increments columns = new Increments();
        for (int i = 0; i < series.size(); i++) {
            Increment increment = increments.get(i);
            columns.add(i, increment.amounts(), increment.sumAmount(), increment.tookMs());
        }
        Map<Labels, GaugePoint> first = new LinkedHashMap<>();
        gauges.forEach(gauge -> first.putIfAbsent(gauge.labels(), gauge));
        GaugeValues values = new GaugeValues(
                first.values().stream().mapToDouble(GaugePoint::value).toArray(),
                first.values().stream().mapToLong(GaugePoint::timestampMs).toArray());
        Telling telling = new Telling(project, group, page, series, List.copyOf(first.keySet()));
        return new ScrapeReport(
                target,
                telling.shape(),
                telling,
                appendMs,
                seenMs,
                intervalMs,
                lastWord,
                columns,
                List.of(),
                List.of(),
                List.of(),
                values,
                families);
    }

    /** The report if what it means was told before. */
    public ScrapeReport toReportWithoutTelling() {
        ScrapeReport report = toReport();
        return new ScrapeReport(
                target,
                report.shape(),
                null,
                appendMs,
                seenMs,
                intervalMs,
                lastWord,
                report.increments(),
                report.natives(),
                report.unaccounted(),
                report.resets(),
                report.gauges(),
                families);
    }

    /** Reads reports by what their targets told before. */
    public static final class Reader {
        private final Map<String, Telling> told = new HashMap<>();

        public PlainReport read(ScrapeReport report) {
            if (report.telling() != null) {
                told.put(report.target(), report.telling());
            }
            Telling telling = told.get(report.target());
            if (telling == null || telling.shape() != report.shape()) {
                throw new AssertionError("a report that nothing was told of");
            }
            return new PlainReport(
                    telling.project(),
                    telling.group(),
                    report.target(),
                    report.appendMs(),
                    report.seenMs(),
                    report.intervalMs(),
                    report.lastWord(),
                    telling.page(),
                    increments(report, telling),
                    gauges(report.gauges(), telling),
                    report.families());
        }

        private static List<Increment> increments(ScrapeReport report, Telling telling) {
            List<Increment> increments = new ArrayList<>();
            Increments columns = report.increments();
            for (int i = 0; i < columns.size(); i++) {
                OutputSeries series = telling.series().get(columns.series(i));
                double[] amounts = columns.amounts(i);
                increments.add(new Increment(
                        series.kind(),
                        series.labels(),
                        series.layout(),
                        amounts.length == 0 ? new double[series.width()] : amounts,
                        columns.sum(i),
                        columns.tookMs(i)));
            }
            for (Unaccounted one : report.unaccounted()) {
                Labels labels = telling.group().toBuilder()
                        .set(Labels.METRIC_NAME, OwnSeries.UNACCOUNTED)
                        .set(
                                "metric",
                                telling.series().get(one.series()).labels().metricName())
                        .set("reason", one.reason())
                        .build();
                increments.add(
                        new Increment(SeriesKind.COUNTER, labels, null, new double[] {one.amount()}, Double.NaN, 0));
            }
            return increments;
        }

        private static List<GaugePoint> gauges(GaugeValues values, Telling telling) {
            List<GaugePoint> gauges = new ArrayList<>();
            for (int i = 0; i < values.size(); i++) {
                gauges.add(new GaugePoint(telling.gauges().get(i), values.values()[i], values.timestampMs(i)));
            }
            return gauges;
        }
    }
}
