package dev.weir.exposition;

import dev.weir.series.Labels;
import java.util.HashSet;
import java.util.Set;

/** The lines of one metric at one time, and what OpenMetrics demands of them together. */
final class OpenMetricsPoint {
    private record Line(String name, Labels labels) {}

    private final Set<Line> lines = new HashSet<>();
    private boolean total;
    private boolean count;
    private boolean sum;
    private boolean buckets;
    private boolean negativeBounds;
    private double countValue;
    private double sumValue;
    private double lastBound = Double.NEGATIVE_INFINITY;
    private double lastCumulativeCount;
    private boolean complete;

    /** Takes a line, whose value is already checked. */
    void add(Scanner in, String suffix, SampleLine sample) throws ExpositionException {
        if (!lines.add(new Line(sample.name, sample.labels))) {
            if (!sample.hasTimestamp()) {
                throw in.error(
                        sample.nameAt,
                        "second line for series " + StrictTextRules.describe(sample),
                        "each series once, or with rising timestamps");
            }
            return; // Clocks are coarse: a later point may carry the same time.
        }
        switch (suffix) {
            case "_total" -> total = true;
            case "_count", "_gcount" -> {
                count = true;
                countValue = sample.value;
            }
            case "_sum", "_gsum" -> {
                sum = true;
                sumValue = sample.value;
            }
            case "_bucket" -> addBucket(in, sample);
            default -> {}
        }
    }

    /** Checks that the lines so far make a whole; an error stands at {@code at}. */
    void end(MetricType type, String family, Scanner.Mark at) throws ExpositionException {
        if (type == MetricType.COUNTER && !total) {
            throw Scanner.error(at, "counter " + family + " without a total", family + "_total");
        }
        if (type != MetricType.HISTOGRAM && type != MetricType.GAUGE_HISTOGRAM) {
            return;
        }
        if (!complete) {
            throw Scanner.error(at, "histogram " + family + " without its last bucket", "le=\"+Inf\"");
        }
        if (count != sum) {
            throw Scanner.error(
                    at, "histogram " + family + " with " + (count ? "count" : "sum") + " only", "both or none");
        }
        if (count && countValue != lastCumulativeCount) {
            throw Scanner.error(
                    at, "count of histogram " + family + ": " + countValue, "that of +Inf, " + lastCumulativeCount);
        }
        if (sum && negativeBounds && type == MetricType.HISTOGRAM) {
            throw Scanner.error(at, "histogram " + family + " with negative bounds and a sum", "no sum, it could fall");
        }
        if (sum && !negativeBounds && sumValue < 0) {
            throw Scanner.error(at, "sum of histogram " + family + ": " + sumValue, ">= 0 without negative bounds");
        }
    }

    private void addBucket(Scanner in, SampleLine sample) throws ExpositionException {
        String le = sample.labels.getOrEmpty("le");
        double bound = Bounds.parse(le);
        if (Double.isNaN(bound) || (bound == Double.POSITIVE_INFINITY && !le.equals("+Inf"))) {
            throw in.error(sample.labelsAt, "label le of " + sample.name + ": " + le, "a number, or +Inf");
        }
        if (buckets && bound <= lastBound) {
            throw in.error(sample.labelsAt, "label le of " + sample.name + ": " + le, "> " + lastBound);
        }
        if (buckets && sample.value < lastCumulativeCount) {
            throw in.error(sample.valueAt, "bucket " + le + ": " + sample.value, ">= " + lastCumulativeCount);
        }
        buckets = true;
        negativeBounds |= bound < 0;
        lastBound = bound;
        lastCumulativeCount = sample.value;
        complete = bound == Double.POSITIVE_INFINITY;
    }
}
