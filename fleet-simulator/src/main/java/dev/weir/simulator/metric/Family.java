package dev.weir.simulator.metric;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Arrays;
import java.util.List;

/**
 * One metric family of one process. Cumulative values are kept as integers of {@code 1 / unitsPerOne}: a family of seconds
 * with a unit of 1e6 counts microseconds, so that its sum does not depend on the order or the grouping of additions.
 *
 * <p>Not thread-safe for writing; the list of series only grows and may be read at any time.
 */
public final class Family {
    private final MetricSet set;
    private final String name;
    private final String help;
    private final MetricType type;
    private final List<String> labelNames;
    private final double unitsPerOne;
    private final double[] bounds;
    private final long[] rawBounds;
    private final boolean created;
    private final boolean nativeHistogram;
    private volatile Series[] series = {};

    Family(MetricSet set, MetricType type, String name, String help, Options options) {
        this.set = set;
        this.type = type;
        this.name = name;
        this.help = help;
        this.labelNames = List.copyOf(options.labelNames);
        this.unitsPerOne = options.unitsPerOne;
        this.bounds = options.bounds.stream().mapToDouble(Double::doubleValue).toArray();
        this.created = options.created;
        this.nativeHistogram = options.nativeHistogram;
        this.rawBounds = new long[bounds.length];
        for (int i = 0; i < bounds.length; i++) {
            // Exact: the largest integer whose value is at or below the bound.
            rawBounds[i] = new BigDecimal(Double.toString(bounds[i]))
                    .multiply(BigDecimal.valueOf(unitsPerOne))
                    .setScale(0, RoundingMode.FLOOR)
                    .longValueExact();
        }
    }

    /** The name on the TYPE line, without a client's suffixes (a Python counter's {@code _total} is its writer's). */
    public String name() {
        return name;
    }

    /** The name of its samples in text format 0.0.4: a Python counter's has {@code _total} behind the family's. */
    public String exposedName() {
        return type == MetricType.COUNTER && set.pythonCounters() ? name + "_total" : name;
    }

    /** The names of its samples. */
    List<String> sampleNames() {
        return switch (type) {
            case COUNTER, GAUGE -> List.of(exposedName());
            case HISTOGRAM -> List.of(name + "_bucket", name + "_sum", name + "_count");
            case SUMMARY -> List.of(name + "_sum", name + "_count");
        };
    }

    /** The help text, unescaped. */
    public String help() {
        return help;
    }

    /** The family's type. */
    public MetricType type() {
        return type;
    }

    /** Label names in the order the program declared them. */
    public List<String> labelNames() {
        return labelNames;
    }

    /** Upper bounds of a histogram's finite buckets, ascending; empty for other types. */
    public double[] bounds() {
        return bounds.clone();
    }

    double[] boundsShared() {
        return bounds;
    }

    /** How many of its integer units make one of the exposed unit. */
    public double unitsPerOne() {
        return unitsPerOne;
    }

    /** Whether it is a native histogram too, beside its classic buckets. */
    public boolean hasNative() {
        return nativeHistogram;
    }

    /** Whether the client's text tells each series' creation time. */
    boolean hasCreated() {
        return created;
    }

    Series[] series() {
        return series;
    }

    /** Returns the series with these label values, creating it at {@code createdEpochMicros} if it is new. */
    public Series with(long createdEpochMicros, String... labelValues) {
        for (Series candidate : series) {
            if (Arrays.equals(candidate.labelValues(), labelValues)) {
                return candidate;
            }
        }
        if (labelValues.length != labelNames.size()) {
            throw new IllegalArgumentException(
                    name + ": " + labelValues.length + " label values (expected: " + labelNames.size() + ")");
        }
        Series added = new Series(this, set, labelValues.clone(), createdEpochMicros, set.allocate(width()));
        Series[] grown = Arrays.copyOf(series, series.length + 1);
        grown[series.length] = added;
        series = grown;
        return added;
    }

    /**
     * Cells per series: one for a counter or gauge; for a histogram per-bucket counts, the overflow count, the cells of
     * its native bins and the sum.
     */
    int width() {
        return type == MetricType.HISTOGRAM || type == MetricType.SUMMARY ? nativeOffset() + nativeWidth() + 1 : 1;
    }

    /** Where in a histogram's cells those of its native bins begin. */
    int nativeOffset() {
        return bounds.length + 1;
    }

    private int nativeWidth() {
        return nativeHistogram ? NativeBins.WIDTH : 0;
    }

    int bucketOf(long raw) {
        int low = 0;
        int high = rawBounds.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (raw <= rawBounds[middle]) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    /** What a family may have besides name, type and help. */
    public record Options(
            List<String> labelNames,
            double unitsPerOne,
            List<Double> bounds,
            boolean created,
            boolean nativeHistogram) {
        /** No labels, whole numbers, no buckets, no creation time. */
        public static Options none() {
            return new Options(List.of(), 1, List.of(), false, false);
        }

        /** These with the given labels. */
        public Options labels(String... names) {
            return new Options(List.of(names), unitsPerOne, bounds, created, nativeHistogram);
        }

        /** These with the given number of integer units in one of the exposed unit. */
        public Options units(double perOne) {
            return new Options(labelNames, perOne, bounds, created, nativeHistogram);
        }

        /** These with the given finite bucket bounds. */
        public Options buckets(double... upperBounds) {
            return new Options(
                    labelNames, unitsPerOne, Arrays.stream(upperBounds).boxed().toList(), created, nativeHistogram);
        }

        /** These with a creation time per series. */
        public Options withCreated() {
            return new Options(labelNames, unitsPerOne, bounds, true, nativeHistogram);
        }

        /** These with a native histogram beside the classic buckets, for those who ask for protobuf. */
        public Options withNative() {
            return new Options(labelNames, unitsPerOne, bounds, created, true);
        }
    }
}
