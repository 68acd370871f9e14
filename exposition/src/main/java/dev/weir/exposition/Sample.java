package dev.weir.exposition;

import dev.weir.series.FloatHistogram;
import dev.weir.series.Labels;
import org.jspecify.annotations.Nullable;

/**
 * One line of a {@code /metrics} page, or what a protobuf page says in its place.
 *
 * @param name the full name as written, {@code x_bucket} for a histogram's bucket
 * @param labels without {@code __name__}; {@code le} and {@code quantile} are still inside
 * @param value of a native histogram its count
 * @param timestampMs Unix time in ms, or {@link #NO_TIMESTAMP}
 * @param createdMs when the series began, if the sample itself says so as in protobuf; else {@link #NO_TIMESTAMP}
 * @param histogram a native histogram, whose name is the family's; null if the sample is a number
 */
public record Sample(
        String name,
        Labels labels,
        double value,
        long timestampMs,
        long createdMs,
        @Nullable Exemplar exemplar,
        @Nullable FloatHistogram histogram) {
    /** Stands for a time that the page does not give. */
    public static final long NO_TIMESTAMP = Long.MIN_VALUE;

    /** A sample as text has them: a number that says nothing of its start. */
    public Sample(String name, Labels labels, double value, long timestampMs, @Nullable Exemplar exemplar) {
        this(name, labels, value, timestampMs, NO_TIMESTAMP, exemplar, null);
    }

    public boolean hasTimestamp() {
        return timestampMs != NO_TIMESTAMP;
    }

    /** The same sample with another value. */
    public Sample withValue(double newValue) {
        return new Sample(name, labels, newValue, timestampMs, createdMs, exemplar, histogram);
    }

    /** The same series with other numbers. */
    public Sample numbered(double newValue, long newCreatedMs) {
        return new Sample(name, labels, newValue, timestampMs, newCreatedMs, exemplar, histogram);
    }

    /** The same value as a sample of another series. */
    public Sample relabelled(String newName, Labels newLabels) {
        return new Sample(newName, newLabels, value, timestampMs, createdMs, exemplar, histogram);
    }
}
