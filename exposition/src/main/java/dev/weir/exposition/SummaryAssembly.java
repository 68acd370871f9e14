package dev.weir.exposition;

import dev.weir.series.Labels;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The lines of one summary on their way to a {@link SummarySeries}. */
final class SummaryAssembly {
    private static final String QUANTILE = "quantile";
    private static final Set<String> QUANTILE_ONLY = Set.of(QUANTILE);

    private final Labels labels;
    private final TreeMap<Double, Sample> quantiles = new TreeMap<>();
    private @Nullable Sample count;
    private @Nullable Sample sum;
    private long timestampMs = Sample.NO_TIMESTAMP;
    private long createdMs = Sample.NO_TIMESTAMP;

    private SummaryAssembly(Labels labels) {
        this.labels = labels;
    }

    /** The family's summaries, then its lines of which none could be made. */
    static List<AssembledSeries> assemble(
            MetricFamily family, List<Sample> samples, Map<Labels, Long> starts, SeriesAssembler.Tally tally) {
        Map<Labels, SummaryAssembly> groups = new LinkedHashMap<>();
        List<Sample> leftOver = new ArrayList<>();
        SummaryAssembly current = null;
        String countName = family.name() + "_count";
        String sumName = family.name() + "_sum";
        for (Sample sample : samples) {
            boolean quantile = sample.name().equals(family.name());
            double bound = quantile ? Bounds.parse(sample.labels().get(QUANTILE)) : Double.NaN;
            boolean isCount = sample.name().equals(countName);
            if (quantile ? Double.isNaN(bound) : !isCount && !sample.name().equals(sumName)) {
                leftOver.add(sample);
                continue;
            }
            if (current == null || !current.holds(sample, quantile)) {
                Labels key = quantile ? sample.labels().without(QUANTILE_ONLY) : sample.labels();
                current = groups.computeIfAbsent(key, SummaryAssembly::new);
            }
            if (current.add(sample, quantile, bound, isCount)) {
                tally.duplicateSamples++;
            }
        }
        List<AssembledSeries> series = new ArrayList<>(groups.size());
        groups.values().forEach(group -> series.add(group.build(family.name(), starts)));
        tally.malformedSamples += leftOver.size();
        series.addAll(SeriesAssembler.points(leftOver, MetricType.UNKNOWN, Map.of(), tally));
        return series;
    }

    private boolean holds(Sample sample, boolean quantile) {
        return quantile
                ? SeriesAssembler.equalBut(QUANTILE, sample.labels(), labels)
                : sample.labels().equals(labels);
    }

    /** Adds the line, unless there is a newer one for its place, and returns whether there was one. */
    private boolean add(Sample sample, boolean quantile, double bound, boolean isCount) {
        Sample known = quantile ? quantiles.get(bound) : isCount ? count : sum;
        if (known != null && !SeriesAssembler.supersedes(sample, known.timestampMs())) {
            return true;
        }
        timestampMs = Math.max(timestampMs, sample.timestampMs());
        createdMs = Math.max(createdMs, sample.createdMs());
        if (quantile) {
            quantiles.put(bound, sample);
        } else if (isCount) {
            count = sample;
        } else {
            sum = sample;
        }
        return known != null;
    }

    private SummarySeries build(String name, Map<Labels, Long> starts) {
        String[] texts = new String[quantiles.size()];
        double[] bounds = new double[texts.length];
        double[] values = new double[texts.length];
        int i = 0;
        for (Map.Entry<Double, Sample> entry : quantiles.entrySet()) {
            texts[i] = entry.getValue().labels().getOrEmpty(QUANTILE);
            bounds[i] = entry.getKey();
            values[i++] = entry.getValue().value();
        }
        return new SummarySeries(
                name,
                labels,
                texts,
                bounds,
                values,
                sum == null ? Double.NaN : sum.value(),
                count == null ? Double.NaN : count.value(),
                SeriesAssembler.start(createdMs, starts, labels),
                timestampMs);
    }
}
