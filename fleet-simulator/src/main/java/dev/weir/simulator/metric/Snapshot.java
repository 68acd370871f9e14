package dev.weir.simulator.metric;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What one process exposes at one instant. Immutable; shares the families' structure, not their values. */
public final class Snapshot {
    private final long epochMs;
    private final long[] cells;
    private final List<Family> families;

    Snapshot(MetricSet set, long epochMs, long[] cells) {
        this(epochMs, cells, set.families());
    }

    private Snapshot(long epochMs, long[] cells, List<Family> families) {
        this.epochMs = epochMs;
        this.cells = cells;
        this.families = families;
    }

    /** Only the families that have samples of these names, and those whole. */
    public Snapshot only(Set<String> sampleNames) {
        List<Family> chosen = families.stream()
                .filter(family -> !series(family).isEmpty()
                        && family.sampleNames().stream().anyMatch(sampleNames::contains))
                .toList();
        return new Snapshot(epochMs, cells, chosen);
    }

    /** The instant, ms since the epoch. */
    public long epochMs() {
        return epochMs;
    }

    /** Every family in registration order. */
    public List<Family> families() {
        return families;
    }

    /** The series of a family that existed at this instant, in order of creation. */
    public List<Series> series(Family family) {
        List<Series> present = new ArrayList<>();
        for (Series series : family.series()) {
            if (series.offset() + family.width() <= cells.length) {
                present.add(series);
            }
        }
        return present;
    }

    /** A series' labels in declared order. */
    public static Map<String, String> labels(Series series) {
        Map<String, String> labels = new LinkedHashMap<>();
        for (int i = 0; i < series.labelValues().length; i++) {
            labels.put(series.family().labelNames().get(i), series.labelValues()[i]);
        }
        return labels;
    }

    /** The value of a counter or gauge. */
    public double value(Series series) {
        long raw = cells[series.offset()];
        return series.family().type() == MetricType.GAUGE
                ? Double.longBitsToDouble(raw)
                : raw / series.family().unitsPerOne();
    }

    /** The number of observations in bucket {@code index} alone; the last index is the overflow bucket. */
    public long bucket(Series series, int index) {
        return cells[series.offset() + index];
    }

    /** The number of observations of a histogram or summary. */
    public long count(Series series) {
        long count = 0;
        for (int i = 0; i < series.family().nativeOffset(); i++) {
            count += cells[series.offset() + i];
        }
        return count;
    }

    /** The number of observations in a cell of {@link NativeBins}. */
    long nativeCell(Series series, int cell) {
        return cells[series.offset() + series.family().nativeOffset() + cell];
    }

    /** The sum of the observations of a histogram or summary. */
    public double sum(Series series) {
        return cells[series.offset() + series.family().width() - 1]
                / series.family().unitsPerOne();
    }

    /** The populated bins among raw cells, by their index in schema 3; empty without a native histogram. */
    public static Map<Integer, Long> nativeBins(Family family, long[] raw) {
        Map<Integer, Long> bins = new LinkedHashMap<>();
        for (int cell = 1; family.hasNative() && cell < NativeBins.WIDTH; cell++) {
            long count = raw[family.nativeOffset() + cell];
            if (count != 0) {
                bins.put(NativeBins.indexOf(cell), count);
            }
        }
        return bins;
    }

    /** The raw cells of a series, copied; sums of them over processes are exact. */
    public long[] raw(Series series) {
        long[] copy = new long[series.family().width()];
        System.arraycopy(cells, series.offset(), copy, 0, copy.length);
        return copy;
    }
}
