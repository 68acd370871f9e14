package dev.weir.aggregation.scrape;

import dev.weir.aggregation.increment.CumulativeSample;
import dev.weir.aggregation.increment.ScrapeFacts;
import dev.weir.aggregation.profile.PageMatch;
import dev.weir.aggregation.release.BucketLayout;
import dev.weir.aggregation.report.FamilyInfo;
import dev.weir.aggregation.report.GaugePoint;
import dev.weir.aggregation.report.OutputSeries;
import dev.weir.aggregation.report.OwnSeries;
import dev.weir.aggregation.report.SeriesKind;
import dev.weir.exposition.AssembledFamily;
import dev.weir.exposition.AssembledSeries;
import dev.weir.exposition.Assembly;
import dev.weir.exposition.HistogramSeries;
import dev.weir.exposition.MetricType;
import dev.weir.exposition.NativeHistogramSeries;
import dev.weir.exposition.PointSeries;
import dev.weir.exposition.Sample;
import dev.weir.exposition.SummarySeries;
import dev.weir.schemas.remotewrite.MetricMetadata;
import dev.weir.series.FloatHistogram;
import dev.weir.series.Labels;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Sorts a page's series: counters, histograms and summaries are summed up over replicas, all else passes through. What it
 * makes of them does not depend on their values, which may be the numbers of their lines.
 */
final class SeriesCollector {
    private static final String PROCESS_START = "process_start_time_seconds";
    /** Largest name and labels of a series, far above what exporters send: a record has to hold them. */
    private static final int MAX_LABELS_BYTES = 64 << 10;

    /** Largest histogram, its labels counted once for each bucket: it leaves in one record. */
    private static final int MAX_HISTOGRAM_BYTES = 8 << 20;

    /** What the job says itself; a body's series of these names leave as {@code exported_*}. */
    private static final Set<String> RESERVED = Set.of(
            OwnSeries.FRONTIER,
            OwnSeries.MIXED_LAYOUTS,
            OwnSeries.UNACCOUNTED,
            OwnSeries.RESETS,
            OwnSeries.PROJECT_SERIES,
            OwnSeries.FOLDED,
            OwnSeries.DROPPED,
            OwnSeries.USAGE_NOT_REPORTED,
            ScrapeReader.FAMILY_MISSING);

    /**
     * @param merged whether the target's labels were merged in before
     * @param replicaLabels of the configuration
     * @param match what the page's profiles say
     */
    record Rules(boolean merged, boolean honorTimestamps, Set<String> replicaLabels, PageMatch match) {}

    private final TargetLabels labels;
    private final Rules rules;

    final List<CumulativeSample> samples = new ArrayList<>();
    final List<OutputSeries> outputs = new ArrayList<>();
    final List<GaugePoint> gauges = new ArrayList<>();
    final List<FamilyInfo> families = new ArrayList<>();
    /** Native histograms by the index of the sample that is their classic part. */
    final Map<Integer, FloatHistogram> natives = new HashMap<>();
    /** Native histograms that do not add up: gauges, and those whose classic part was relabelled away. */
    int nativesLeftOut;

    private final Map<Long, Integer> histograms = new HashMap<>();

    /** Values of {@code process_start_time_seconds}. */
    final List<Double> processStarts = new ArrayList<>();

    /** Whether the page gives a time to gauges that are made of several lines. */
    boolean joinedTimes;

    private final Set<Labels> gaugeLabels = new HashSet<>();

    /** @param reserved gauges that the page cannot have, since the scrape has them */
    SeriesCollector(TargetLabels labels, Rules rules, List<Labels> reserved) {
        this.labels = labels;
        this.rules = rules;
        gaugeLabels.addAll(reserved);
    }

    /**
     * @throws RejectedScrapeException if a series is too large for a record
     */
    void collect(Assembly assembly) throws RejectedScrapeException {
        for (AssembledFamily family : assembly.families()) {
            if (!family.series().isEmpty() && saysWhatItIs(family)) {
                families.add(info(family));
            }
            for (AssembledSeries series : family.series()) {
                if (series instanceof PointSeries point) {
                    collect(point);
                } else if (series instanceof HistogramSeries histogram) {
                    collect(histogram);
                } else if (series instanceof NativeHistogramSeries histogram) {
                    collect(histogram);
                } else if (series instanceof SummarySeries summary) {
                    collect(summary);
                }
            }
        }
    }

    private void collect(PointSeries point) throws RejectedScrapeException {
        String name = RESERVED.contains(point.name()) ? TargetLabels.EXPORTED + point.name() : point.name();
        if (point.type() == MetricType.COUNTER) {
            Labels full = full(name, point.labels());
            samples.add(CumulativeSample.counter(
                    Fingerprint.of(name, point.labels()), point.value(), created(point.createdMs())));
            outputs.add(new OutputSeries(SeriesKind.COUNTER, output(name, full), null));
            return;
        }
        if (name.equals(PROCESS_START)) {
            processStarts.add(point.value());
        }
        gauge(name, point.labels(), point.value(), point.timestampMs());
    }

    private void collect(HistogramSeries histogram) throws RejectedScrapeException {
        if (histogram.gauge()) {
            joinedTimes |= rules.honorTimestamps() && histogram.timestampMs() != Sample.NO_TIMESTAMP;
            for (int i = 0; i < histogram.le().length; i++) {
                Labels bucket = histogram.labels().toBuilder()
                        .set("le", histogram.le()[i])
                        .build();
                gauge(histogram.name() + "_bucket", bucket, histogram.cumulativeCounts()[i], histogram.timestampMs());
            }
            gauge(histogram.name() + "_gcount", histogram.labels(), histogram.count(), histogram.timestampMs());
            if (!Double.isNaN(histogram.sum())) {
                gauge(histogram.name() + "_gsum", histogram.labels(), histogram.sum(), histogram.timestampMs());
            }
            return;
        }
        Labels full = full(histogram.name(), histogram.labels());
        check(histogram.name(), histogram.le().length * (long) bytes(full), MAX_HISTOGRAM_BYTES);
        long seriesId = Fingerprint.of(histogram.name(), histogram.labels());
        histograms.put(seriesId, samples.size());
        samples.add(CumulativeSample.histogram(
                seriesId,
                histogram.upperBounds(),
                histogram.cumulativeCounts(),
                histogram.sum(),
                created(histogram.createdMs())));
        outputs.add(new OutputSeries(
                SeriesKind.HISTOGRAM,
                output(histogram.name(), full),
                new BucketLayout(histogram.upperBounds(), histogram.le())));
    }

    private void collect(NativeHistogramSeries histogram) {
        Integer classic =
                histogram.gauge() ? null : histograms.get(Fingerprint.of(histogram.name(), histogram.labels()));
        if (classic == null) {
            nativesLeftOut++;
        } else {
            natives.put(classic, histogram.histogram());
        }
    }

    private void collect(SummarySeries summary) throws RejectedScrapeException {
        joinedTimes |= rules.honorTimestamps() && summary.timestampMs() != Sample.NO_TIMESTAMP;
        for (int i = 0; i < summary.values().length; i++) {
            Labels quantile = summary.labels().toBuilder()
                    .set("quantile", summary.quantileTexts()[i])
                    .build();
            gauge(summary.name(), quantile, summary.values()[i], summary.timestampMs());
        }
        if (Double.isNaN(summary.count())) {
            if (!Double.isNaN(summary.sum())) {
                gauge(summary.name() + "_sum", summary.labels(), summary.sum(), summary.timestampMs());
            }
            return;
        }
        Labels full = full(summary.name(), summary.labels());
        samples.add(CumulativeSample.histogram(
                Fingerprint.of(summary.name(), summary.labels()),
                new double[] {Double.POSITIVE_INFINITY},
                new double[] {summary.count()},
                summary.sum(),
                created(summary.createdMs())));
        outputs.add(new OutputSeries(SeriesKind.SUMMARY, output(summary.name(), full), BucketLayout.ONE_BUCKET));
    }

    private void gauge(String name, Labels body, double value, long timestampMs) throws RejectedScrapeException {
        Labels full = full(name, body).toBuilder().set(Labels.METRIC_NAME, name).build();
        long honored =
                rules.honorTimestamps() && timestampMs != Sample.NO_TIMESTAMP ? timestampMs : GaugePoint.NO_TIMESTAMP;
        if (gaugeLabels.add(full)) {
            gauges.add(new GaugePoint(full, value, honored));
        }
    }

    private Labels full(String name, Labels body) throws RejectedScrapeException {
        Labels full = labels.withGroup(rules.merged() ? body : labels.merge(body));
        check(name, bytes(full), MAX_LABELS_BYTES);
        return full;
    }

    private static void check(String name, long bytes, int most) throws RejectedScrapeException {
        if (bytes > most) {
            throw new RejectedScrapeException(
                    "labels of " + name + ": " + bytes + " bytes in all (expected: at most " + most + ")");
        }
    }

    /** In UTF-8. */
    private static int bytes(Labels labels) {
        int bytes = 0;
        for (int i = 0; i < labels.size(); i++) {
            bytes += bytes(labels.name(i)) + bytes(labels.value(i));
        }
        return bytes;
    }

    private static int bytes(String text) {
        int bytes = text.length();
        for (int i = 0; i < text.length(); i++) {
            bytes += text.charAt(i) < 0x80 ? 0 : text.charAt(i) < 0x800 ? 1 : 2;
        }
        return bytes;
    }

    private Labels output(String name, Labels full) {
        return full.filter(label -> !isReplicaLabel(label)).toBuilder()
                .set(Labels.METRIC_NAME, name)
                .build();
    }

    /** By the configuration, or by the engine's profile unless the group is known by it. */
    private boolean isReplicaLabel(String label) {
        return rules.replicaLabels().contains(label)
                || (rules.match().isReplicaLabel(label) && labels.group().get(label) == null);
    }

    private static long created(long createdMs) {
        return createdMs == Sample.NO_TIMESTAMP ? ScrapeFacts.UNKNOWN : createdMs;
    }

    /** A page without TYPE and HELP must not take back what another page tells of the family. */
    private static boolean saysWhatItIs(AssembledFamily family) {
        return family.type() != MetricType.UNKNOWN
                || !family.help().isEmpty()
                || !family.unit().isEmpty();
    }

    private FamilyInfo info(AssembledFamily family) {
        // A counter is asked for by its series' name; in OpenMetrics the family's lacks _total.
        String name =
                family.type() == MetricType.COUNTER ? family.series().get(0).name() : family.name();
        MetricMetadata.MetricType type = switch (family.type()) {
            case COUNTER -> MetricMetadata.MetricType.COUNTER;
            case GAUGE -> MetricMetadata.MetricType.GAUGE;
            case HISTOGRAM -> MetricMetadata.MetricType.HISTOGRAM;
            case GAUGE_HISTOGRAM -> MetricMetadata.MetricType.GAUGEHISTOGRAM;
            case SUMMARY -> MetricMetadata.MetricType.SUMMARY;
            case INFO -> MetricMetadata.MetricType.INFO;
            case STATESET -> MetricMetadata.MetricType.STATESET;
            case UNKNOWN -> MetricMetadata.MetricType.UNKNOWN;
        };
        PageMatch match = rules.match();
        return new FamilyInfo(
                name, type.getNumber(), match.help(name, family.help()), match.unit(family.help(), family.unit()));
    }
}
