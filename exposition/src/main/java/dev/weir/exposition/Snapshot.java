package dev.weir.exposition;

import dev.weir.series.Labels;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * A page as typed metrics, in the page's order, as vLLM's {@code get_metrics_snapshot()} gives them: start times are
 * left out, duplicates too, native histograms where they stand beside their classic buckets, and a metric whose type is none of {@link Metric}'s is an error.
 */
public final class Snapshot {
    /** The metric that is folded to a {@link Vector}. */
    public static final String VECTOR_NAME = "vllm:spec_decode_num_accepted_tokens_per_pos";

    private static final String POSITION = "position";
    private static final String TOTAL = "_total";

    private final List<Metric> metrics = new ArrayList<>();

    private Snapshot() {}

    /**
     * All metrics of the page.
     *
     * @throws SnapshotException if one has a type other than counter, gauge, histogram and summary, or lines that make
     *     no whole
     */
    public static List<Metric> of(Exposition page) throws SnapshotException {
        return of(page, "");
    }

    /**
     * The metrics whose name begins with {@code prefix}, {@code vllm:} for example. Others are not looked at.
     *
     * @throws SnapshotException if one has a type other than counter, gauge, histogram and summary, or lines that make
     *     no whole
     */
    public static List<Metric> of(Exposition page, String prefix) throws SnapshotException {
        Snapshot snapshot = new Snapshot();
        for (AssembledFamily family : SeriesAssembler.assemble(page).families()) {
            if (family.name().startsWith(prefix)) {
                snapshot.add(family);
            }
        }
        return List.copyOf(snapshot.metrics);
    }

    private void add(AssembledFamily family) throws SnapshotException {
        if (isVector(family)) {
            metrics.addAll(toVectors(family));
            return;
        }
        for (AssembledSeries series : family.series()) {
            if (series instanceof NativeHistogramSeries histogram && !histogram.gauge()) {
                continue; // A page has its count and sum as a classic histogram too.
            }
            if (series instanceof HistogramSeries histogram && !histogram.gauge()) {
                metrics.add(toHistogram(histogram));
            } else if (series instanceof SummarySeries summary) {
                metrics.add(toSummary(summary));
            } else if (series instanceof PointSeries point && point.type() == MetricType.COUNTER) {
                metrics.add(new Counter(counterName(point.name()), point.labels(), point.value()));
            } else if (series instanceof PointSeries point && point.type() == MetricType.GAUGE) {
                metrics.add(new Gauge(point.name(), point.labels(), point.value()));
            } else {
                throw new SnapshotException(
                        "type of " + series.name() + ": "
                                + (series instanceof PointSeries point ? point.type() : family.type()).word(),
                        "counter, gauge, histogram or summary");
            }
        }
    }

    static boolean isVector(AssembledFamily family) {
        return family.type() == MetricType.COUNTER && counterName(family.name()).equals(VECTOR_NAME);
    }

    /** The family folded by position, one vector for each set of the other labels. */
    static List<Vector> toVectors(AssembledFamily family) throws SnapshotException {
        Map<Labels, TreeMap<Integer, Long>> vectors = new LinkedHashMap<>();
        for (AssembledSeries series : family.series()) {
            if (series instanceof PointSeries point) {
                Labels labels = point.labels().without(Set.of(POSITION));
                vectors.computeIfAbsent(labels, key -> new TreeMap<>()).put(position(point), (long) point.value());
            }
        }
        List<Vector> folded = new ArrayList<>(vectors.size());
        vectors.forEach((labels, byPosition) -> {
            List<Long> values = new ArrayList<>();
            for (int i = 0; i <= byPosition.lastKey(); i++) {
                values.add(byPosition.getOrDefault(i, 0L));
            }
            folded.add(new Vector(VECTOR_NAME, labels, values));
        });
        return folded;
    }

    private static int position(PointSeries point) throws SnapshotException {
        String text = point.labels().getOrEmpty(POSITION);
        try {
            int position = Integer.parseInt(text);
            if (position >= 0 && position < ParseLimits.MAX_VECTOR_LENGTH) {
                return position;
            }
        } catch (NumberFormatException e) {
            // Reported below, as a number out of range is.
        }
        throw new SnapshotException(
                "label position of " + point.name() + ": \"" + text + "\"",
                "an integer from 0 to " + (ParseLimits.MAX_VECTOR_LENGTH - 1));
    }

    static String counterName(String sampleName) {
        return sampleName.endsWith(TOTAL) ? sampleName.substring(0, sampleName.length() - TOTAL.length()) : sampleName;
    }

    private static Histogram toHistogram(HistogramSeries series) {
        Map<String, Long> buckets = new LinkedHashMap<>();
        for (int i = 0; i < series.le().length; i++) {
            boolean last = i == series.le().length - 1;
            buckets.put(last ? Histogram.INFINITE : series.le()[i], (long) series.cumulativeCounts()[i]);
        }
        return new Histogram(series.name(), series.labels(), (long) series.count(), series.sum(), buckets);
    }

    private static Summary toSummary(SummarySeries series) {
        Map<String, Double> quantiles = new LinkedHashMap<>();
        for (int i = 0; i < series.quantiles().length; i++) {
            quantiles.put(series.quantileTexts()[i], series.values()[i]);
        }
        long count = Double.isNaN(series.count()) ? -1 : (long) series.count();
        return new Summary(series.name(), series.labels(), count, series.sum(), quantiles);
    }
}
