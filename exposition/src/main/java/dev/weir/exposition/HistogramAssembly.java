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
    private long createdMs = Sample.NO_TIMESTAMP;

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
        String lastName = "";
        String suffix = "";
        for (Sample sample : samples) {
            if (!sample.name().equals(lastName)) {
                lastName = sample.name();
                suffix = lastName.startsWith(family.name()) ? lastName.substring(base) : "";
            }
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
            HistogramSeries histogram = group.build(family, starts, tally);
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
        if (SeriesAssembler.supersedes(sample, timestampMs) && repeats(sample, suffix)) {
            tally.duplicateSamples += lines.size();
            restart();
        }
        timestampMs = Math.max(timestampMs, sample.timestampMs());
        createdMs = Math.max(createdMs, sample.createdMs());
        if (isCount(suffix)) {
            tally.duplicateSamples += count == null ? 0 : 1;
            count = count == null ? keep(sample) : count;
        } else if (isSum(suffix)) {
            tally.duplicateSamples += sum == null ? 0 : 1;
            sum = sum == null ? keep(sample) : sum;
        } else {
            addBucket(sample);
        }
    }

    /** Whether the line has the place of one that is there, as the first of a later point has. */
    private boolean repeats(Sample sample, String suffix) {
        if (isCount(suffix)) {
            return count != null;
        }
        if (isSum(suffix)) {
            return sum != null;
        }
        return size > 0 && Bounds.parse(sample.labels().get(LE)) <= bounds[size - 1];
    }

    private Sample keep(Sample sample) {
        lines.add(sample);
        return sample;
    }

    private void addBucket(Sample sample) {
        String text = sample.labels().get(LE);
        double bound = Bounds.parse(text);
        if (text == null || Double.isNaN(bound)) {
            malformed = true;
            lines.add(sample);
            return;
        }
        ascending &= size == 0 || bound > bounds[size - 1];
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

    private @Nullable HistogramSeries build(
            MetricFamily family, Map<Labels, Long> starts, SeriesAssembler.Tally tally) {
        boolean infinite = size > 0 && isInfinite();
        if (malformed || (!infinite && count == null)) {
            return null;
        }
        if (!ascending) {
            tally.duplicateSamples += sort();
        }
        if (!infinite && count != null) {
            append(INFINITE, Double.POSITIVE_INFINITY, count.value());
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
                SeriesAssembler.start(createdMs, starts, labels),
                timestampMs);
    }

    private boolean isInfinite() {
        for (int i = size - 1; i >= 0; i--) {
            if (bounds[i] == Double.POSITIVE_INFINITY) {
                return true;
            }
        }
        return false;
    }

    /** Sorts the buckets, leaves out all but the first of each bound, and returns how many that were. */
    private int sort() {
        Integer[] order = new Integer[size];
        Arrays.setAll(order, i -> i);
        double[] unsorted = bounds;
        // Stable, so that of equal bounds the first stays the first.
        Arrays.sort(order, (a, b) -> Double.compare(unsorted[a], unsorted[b]));
        String[] sortedLe = new String[size];
        double[] sortedBounds = new double[size];
        double[] sortedCounts = new double[size];
        int kept = 0;
        for (int from : order) {
            if (kept == 0 || bounds[from] > sortedBounds[kept - 1]) {
                sortedLe[kept] = le[from];
                sortedBounds[kept] = bounds[from];
                sortedCounts[kept++] = counts[from];
            }
        }
        int duplicates = size - kept;
        le = sortedLe;
        bounds = sortedBounds;
        counts = sortedCounts;
        size = kept;
        return duplicates;
    }
}
