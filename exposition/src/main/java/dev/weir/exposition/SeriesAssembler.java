package dev.weir.exposition;

import dev.weir.series.Labels;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Puts a page's lines together: buckets, count and sum to a histogram, quantiles, count and sum to a summary, a
 * {@code _created} sample to the start time of its series. Never fails, and loses no line but duplicates.
 *
 * <ul>
 *   <li>{@code x_created} is the start time of the counter {@code x} or {@code x_total}, histogram or summary {@code x}
 *       of the same page, of whatever type the page says it is; it is a family of its own only where there is none.
 *   <li>Of several lines of one series the first counts, or the one with the latest time.
 *   <li>A histogram without {@code +Inf} bucket has it from its count. If both differ, the bucket is right. One without
 *       buckets has one, {@code +Inf}.
 *   <li>Native histograms stand behind the family's other series.
 *   <li>Buckets without {@code +Inf} and count, or with bounds that are no numbers, remain single points.
 * </ul>
 */
public final class SeriesAssembler {
    private static final String CREATED = "_created";
    private static final String TOTAL = "_total";
    private static final double MS_PER_SECOND = 1000;

    private final Exposition exposition;
    /** By family, then by labels: the start of the series, Unix time in ms. */
    private final Map<String, Map<Labels, Long>> startsByFamily = new HashMap<>();

    private final Tally tally = new Tally();

    /** What was left out or could not be put together. */
    static final class Tally {
        int duplicateSamples;
        int malformedSamples;
    }

    private SeriesAssembler(Exposition exposition) {
        this.exposition = exposition;
    }

    /** The page as series. */
    public static Assembly assemble(Exposition exposition) {
        return new SeriesAssembler(exposition).assemble();
    }

    private Assembly assemble() {
        Map<String, MetricFamily> byName = new HashMap<>();
        for (MetricFamily family : exposition.families()) {
            byName.put(family.name(), family);
        }
        List<MetricFamily> own = new ArrayList<>(byName.size());
        for (MetricFamily family : exposition.families()) {
            MetricFamily started = startedBy(family, byName);
            if (started == null) {
                own.add(family);
            } else {
                family.samples().forEach(sample -> noteStart(started.name(), sample));
            }
        }
        List<AssembledFamily> assembled = new ArrayList<>(own.size());
        for (MetricFamily family : own) {
            assembled.add(
                    new AssembledFamily(family.name(), family.type(), family.help(), family.unit(), assemble(family)));
        }
        return new Assembly(assembled, tally.duplicateSamples, tally.malformedSamples);
    }

    /** The family whose start times {@code family} holds, or null if it is a family of its own. */
    private static @Nullable MetricFamily startedBy(MetricFamily family, Map<String, MetricFamily> byName) {
        if (!family.name().endsWith(CREATED)
                || (family.type() != MetricType.GAUGE && family.type() != MetricType.UNKNOWN)) {
            return null;
        }
        String base = family.name().substring(0, family.name().length() - CREATED.length());
        MetricFamily same = byName.get(base);
        if (same != null && hasStart(same.type())) {
            return same;
        }
        MetricFamily total = byName.get(base + TOTAL);
        return total != null && total.type() == MetricType.COUNTER ? total : null;
    }

    private static boolean hasStart(MetricType type) {
        return type == MetricType.COUNTER || type == MetricType.HISTOGRAM || type == MetricType.SUMMARY;
    }

    private void noteStart(String family, Sample sample) {
        if (Double.isFinite(sample.value())) {
            startsByFamily
                    .computeIfAbsent(family, name -> new HashMap<>())
                    .putIfAbsent(sample.labels(), Math.round(sample.value() * MS_PER_SECOND));
        }
    }

    private List<AssembledSeries> assemble(MetricFamily family) {
        List<Sample> values = new ArrayList<>(family.samples().size());
        List<Sample> natives = new ArrayList<>();
        String created = family.name() + CREATED;
        for (Sample sample : family.samples()) {
            if (sample.histogram() != null) {
                natives.add(sample);
            } else if (hasStart(family.type()) && sample.name().equals(created)) {
                noteStart(family.name(), sample);
            } else {
                values.add(sample);
            }
        }
        Map<Labels, Long> starts = startsByFamily.getOrDefault(family.name(), Map.of());
        List<AssembledSeries> series = switch (family.type()) {
            case HISTOGRAM, GAUGE_HISTOGRAM -> HistogramAssembly.assemble(family, values, starts, tally);
            case SUMMARY -> SummaryAssembly.assemble(family, values, starts, tally);
            case COUNTER, GAUGE, INFO, STATESET, UNKNOWN -> points(values, family.type(), starts, tally);
        };
        if (!natives.isEmpty()) {
            series.addAll(points(natives, family.type(), starts, tally));
        }
        return series;
    }

    /** Each sample as a series of its own, duplicates left out. */
    static List<AssembledSeries> points(List<Sample> samples, MetricType type, Map<Labels, Long> starts, Tally tally) {
        // Two maps rather than one with a composite key: a map of Labels stays fast even if hashes are made to collide.
        Map<String, Map<Labels, AssembledSeries>> byName = new LinkedHashMap<>();
        for (Sample sample : samples) {
            Map<Labels, AssembledSeries> ofName = byName.computeIfAbsent(sample.name(), name -> new LinkedHashMap<>());
            AssembledSeries known = ofName.get(sample.labels());
            if (known != null) {
                tally.duplicateSamples++;
            }
            if (known == null || supersedes(sample, known.timestampMs())) {
                ofName.put(sample.labels(), point(sample, type, starts));
            }
        }
        List<AssembledSeries> points = new ArrayList<>(samples.size());
        byName.values().forEach(ofName -> points.addAll(ofName.values()));
        return points;
    }

    private static AssembledSeries point(Sample sample, MetricType type, Map<Labels, Long> starts) {
        long createdMs = start(sample.createdMs(), starts, sample.labels());
        if (sample.histogram() != null) {
            return new NativeHistogramSeries(
                    sample.name(),
                    sample.labels(),
                    type == MetricType.GAUGE_HISTOGRAM,
                    sample.histogram(),
                    createdMs,
                    sample.timestampMs());
        }
        return new PointSeries(sample.name(), sample.labels(), type, sample.value(), createdMs, sample.timestampMs());
    }

    /** When a series began by the word of its own samples, else by its {@code _created} sample. */
    static long start(long ownMs, Map<Labels, Long> starts, Labels labels) {
        return ownMs == Sample.NO_TIMESTAMP ? starts.getOrDefault(labels, Sample.NO_TIMESTAMP) : ownMs;
    }

    /** Whether a later line of a series replaces the one at {@code knownMs}. */
    static boolean supersedes(Sample later, long knownMs) {
        return later.hasTimestamp() && knownMs != Sample.NO_TIMESTAMP && later.timestampMs() > knownMs;
    }

    /** Whether {@code a} and {@code b} are equal but for the label {@code name}, which {@code b} does not have. */
    static boolean equalBut(String name, Labels a, Labels b) {
        int j = 0;
        for (int i = 0; i < a.size(); i++) {
            if (a.name(i).equals(name)) {
                continue;
            }
            if (j == b.size() || !a.name(i).equals(b.name(j)) || !a.value(i).equals(b.value(j))) {
                return false;
            }
            j++;
        }
        return j == b.size();
    }
}
