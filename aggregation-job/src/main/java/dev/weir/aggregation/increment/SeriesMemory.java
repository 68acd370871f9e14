package dev.weir.aggregation.increment;

import dev.weir.aggregation.state.StateIo;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** What is remembered of one cumulative series between scrapes, where it is looked at by itself. */
final class SeriesMemory {
    /** Values of the newest scrape that had the series; the one value NaN if none was ever usable. */
    double[] cumulative;

    /** The newest sum that was told; NaN if none was. */
    double sum;

    long createdMs;
    /** Of the bucket bounds, so that a changed layout is noticed. */
    int layout;
    /** Broker time of the newest scrape that had the series. */
    long lastSeenMs;
    /** The look that saw the series last; tells a scrape that has it twice, and is not stored. */
    @Nullable
    Object seenBy;

    SeriesMemory(double[] cumulative, double sum, long createdMs, int layout, long lastSeenMs) {
        this.cumulative = cumulative;
        this.sum = sum;
        this.createdMs = createdMs;
        this.layout = layout;
        this.lastSeenMs = lastSeenMs;
    }

    static SeriesMemory of(CumulativeSample sample, long appendMs) {
        return new SeriesMemory(sample.cumulative(), sample.sum(), sample.createdMs(), sample.layout(), appendMs);
    }

    /** A series that is there, but without a value yet. */
    static SeriesMemory withoutValue(long appendMs) {
        return new SeriesMemory(
                new double[] {Double.NaN}, Double.NaN, ScrapeFacts.UNKNOWN, CumulativeSample.COUNTER, appendMs);
    }

    boolean hasValue() {
        return !Double.isNaN(total());
    }

    double total() {
        return cumulative[cumulative.length - 1];
    }

    boolean hasLayoutOf(CumulativeSample sample) {
        return layout == sample.layout() && cumulative.length == sample.cumulative().length;
    }

    void update(CumulativeSample sample, long appendMs) {
        cumulative = sample.cumulative();
        if (!Double.isNaN(sample.sum())) {
            sum = sample.sum();
        }
        if (sample.createdMs() != ScrapeFacts.UNKNOWN) {
            createdMs = sample.createdMs();
        }
        layout = sample.layout();
        lastSeenMs = appendMs;
    }

    boolean isAboveAnyOf(CumulativeSample sample) {
        for (int i = 0; i < cumulative.length; i++) {
            if (sample.cumulative()[i] < cumulative[i]) {
                return true;
            }
        }
        return false;
    }

    SeriesMemory copy() {
        return new SeriesMemory(cumulative.clone(), sum, createdMs, layout, lastSeenMs);
    }

    void write(DataOutput out) throws IOException {
        StateIo.writeDoubles(out, cumulative);
        out.writeDouble(sum);
        out.writeLong(createdMs);
        out.writeInt(layout);
        out.writeLong(lastSeenMs);
    }

    static SeriesMemory read(DataInput in) throws IOException {
        return new SeriesMemory(StateIo.readDoubles(in), in.readDouble(), in.readLong(), in.readInt(), in.readLong());
    }
}
