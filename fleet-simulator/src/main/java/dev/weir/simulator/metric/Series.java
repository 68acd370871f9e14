package dev.weir.simulator.metric;

/** One series (or histogram) of a family: its label values and where its cells lie. Written under its process' lock. */
public final class Series {
    private final Family family;
    private final MetricSet set;
    private final String[] labelValues;
    private final long createdEpochMicros;
    private final int offset;

    Series(Family family, MetricSet set, String[] labelValues, long createdEpochMicros, int offset) {
        this.family = family;
        this.set = set;
        this.labelValues = labelValues;
        this.createdEpochMicros = createdEpochMicros;
        this.offset = offset;
    }

    /** The family it belongs to. */
    public Family family() {
        return family;
    }

    String[] labelValues() {
        return labelValues;
    }

    int offset() {
        return offset;
    }

    long createdEpochMicros() {
        return createdEpochMicros;
    }

    /** Adds raw units to a counter. */
    public void add(long raw) {
        set.cells()[offset] += raw;
    }

    /** Sets a gauge. */
    public void set(double value) {
        set.cells()[offset] = Double.doubleToRawLongBits(value);
    }

    /** Sets a counter to raw units: for totals that are a function of something else. */
    public void total(long raw) {
        set.cells()[offset] = raw;
    }

    /** The raw units of a counter. */
    public long raw() {
        return set.cells()[offset];
    }

    /** Observes one value, in raw units. */
    public void observe(long raw) {
        observe(raw, 1);
    }

    /** Observes one value, in raw units, several times. */
    public void observe(long raw, long times) {
        long[] cells = set.cells();
        cells[offset + family.bucketOf(raw)] += times;
        if (family.hasNative()) {
            cells[offset + family.nativeOffset() + NativeBins.cellOf(raw / family.unitsPerOne())] += times;
        }
        cells[offset + family.width() - 1] += raw * times;
    }
}
