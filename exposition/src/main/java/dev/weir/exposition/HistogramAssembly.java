package dev.weir.exposition;

import dev.weir.series.Labels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The lines of one histogram on their way to a {@link HistogramSeries}. */
final class HistogramAssembly {
    private static final String LE = "le";
    private static final Set<String> LE_ONLY = Set.of(LE);
    private static final String INFINITE = "+Inf";

    private final Labels labels;
    private final List<Sample> lines = new ArrayList<>();
    private String[] le = new String[16];
    private double[] bounds = new double[16];
    private double[] counts = new double[16];
    private int size;
    private boolean ascending = true;
    private boolean malformed;
    private @Nullable Sample count;
    private @Nullable Sample sum;
    private long timestampMs = Sample.NO_TIMESTAMP;

    private HistogramAssembly(Labels labels) {
        this.labels = labels;
    }

    /** The family's histograms, then its lines of which none could be made. */
    static List<AssembledSeries> assemble(
            MetricFamily family, List<Sample> samples, Map<Labels, Long> starts, SeriesAssembler.Tally tally) {
        Map<Labels, HistogramAssembly> groups = new LinkedHashMap<>();
        List<Sample> leftOver = new ArrayList<>();
        HistogramAssembly current = null;
        int base = family.name().length();
        for (Sample sample : samples) {
            String suffix = sample.name().substring(base);
            boolean bucket = suffix.equals("_bucket");
            if (!bucket && !isCount(suffix) && !isSum(suffix)) {
                leftOver.add(sample);
                continue;
            }
            if (current == null || !current.holds(sample, bucket)) {
                Labels key = bucket ? sample.labels().without(LE_ONLY) : sample.labels();
                current = groups.computeIfAbsent(key, HistogramAssembly::new);
            }
            current.add(sample, suffix, tally);
        }
        List<AssembledSeries> series = new ArrayList<>(groups.size());
        for (HistogramAssembly group : groups.values()) {
            HistogramSeries histogram = group.build(family, starts);
            if (histogram == null) {
                leftOver.addAll(group.lines);
            } else {
                series.add(histogram);
            }
        }
        tally.malformedSamples += leftOver.size();
        series.addAll(SeriesAssembler.points(leftOver, MetricType.UNKNOWN, Map.of(), tally));
        return series;
    }

    private static boolean isCount(String suffix) {
        return suffix.equals("_count") || suffix.equals("_gcount");
    }

    private static boolean isSum(String suffix) {
        return suffix.equals("_sum") || suffix.equals("_gsum");
    }

    private boolean holds(Sample sample, boolean bucket) {
        return bucket
                ? SeriesAssembler.equalBut(LE, sample.labels(), labels)
                : sample.labels().equals(labels);
    }

    private void add(Sample sample, String suffix, SeriesAssembler.Tally tally) {
        if (SeriesAssembler.supersedes(sample, timestampMs)) {
            restart();
        } else if (!lines.isEmpty() && sample.timestampMs() < timestampMs) {
            tally.duplicateSamples++;
            return;
        }
        if (sample.hasTimestamp()) {
            timestampMs = sample.timestampMs();
        }
        if (isCount(suffix)) {
            tally.duplicateSamples += count == null ? 0 : 1;
            count = count == null ? keep(sample) : count;
        } else if (isSum(suffix)) {
            tally.duplicateSamples += sum == null ? 0 : 1;
            sum = sum == null ? keep(sample) : sum;
        } else {
            addBucket(sample, tally);
        }
    }

    private Sample keep(Sample sample) {
        lines.add(sample);
        return sample;
    }

    private void addBucket(Sample sample, SeriesAssembler.Tally tally) {
        String text = sample.labels().get(LE);
        double bound = Bounds.parse(text);
        if (text == null || Double.isNaN(bound)) {
            malformed = true;
            lines.add(sample);
            return;
        }
        if (size > 0 && !(bound > bounds[size - 1])) {
            for (int i = 0; i < size; i++) {
                if (bounds[i] == bound) {
                    tally.duplicateSamples++;
                    return;
                }
            }
            ascending = false;
        }
        lines.add(sample);
        append(text, bound, sample.value());
    }

    private void append(String text, double bound, double cumulativeCount) {
        if (size == bounds.length) {
            le = Arrays.copyOf(le, 2 * size);
            bounds = Arrays.copyOf(bounds, 2 * size);
            counts = Arrays.copyOf(counts, 2 * size);
        }
        le[size] = text;
        bounds[size] = bound;
        counts[size++] = cumulativeCount;
    }

    /** Forgets an earlier point of the same histogram. */
    private void restart() {
        lines.clear();
        size = 0;
        ascending = true;
        malformed = false;
        count = null;
        sum = null;
    }

    private @Nullable HistogramSeries build(MetricFamily family, Map<Labels, Long> starts) {
        if (!ascending) {
            sort();
        }
        if (size == 0 || bounds[size - 1] != Double.POSITIVE_INFINITY) {
            if (count == null) {
                return null;
            }
            append(INFINITE, Double.POSITIVE_INFINITY, count.value());
        }
        if (malformed) {
            return null;
        }
        return new HistogramSeries(
                family.name(),
                labels,
                family.type() == MetricType.GAUGE_HISTOGRAM,
                Arrays.copyOf(le, size),
                Arrays.copyOf(bounds, size),
                Arrays.copyOf(counts, size),
                counts[size - 1],
                sum == null ? Double.NaN : sum.value(),
                starts.getOrDefault(labels, Sample.NO_TIMESTAMP),
                timestampMs);
    }

    private void sort() {
        Integer[] order = new Integer[size];
        Arrays.setAll(order, i -> i);
        double[] unsorted = bounds;
        Arrays.sort(order, (a, b) -> Double.compare(unsorted[a], unsorted[b]));
        String[] sortedLe = new String[size];
        double[] sortedBounds = new double[size];
        double[] sortedCounts = new double[size];
        for (int i = 0; i < size; i++) {
            sortedLe[i] = le[order[i]];
            sortedBounds[i] = bounds[order[i]];
            sortedCounts[i] = counts[order[i]];
        }
        le = sortedLe;
        bounds = sortedBounds;
        counts = sortedCounts;
    }
}
