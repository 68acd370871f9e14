package dev.weir.aggregation.group;

import dev.weir.aggregation.release.BucketLayout;
import dev.weir.aggregation.state.StateIo;
import dev.weir.series.Labels;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * What one cumulative output series gains from one scrape; zeros only tell that it is alive.
 *
 * @param labels of the output, {@code __name__} (for a histogram and summary the family's) included
 * @param layout null for a counter
 * @param amounts one, or one per single bucket; shared, read only
 * @param sumAmount NaN if there is no sum
 * @param tookMs how long it took
 */
@SuppressWarnings("ArrayRecordComponent") // Made once per scrape and series and never changed.
public record Increment(
        SeriesKind kind,
        Labels labels,
        @Nullable BucketLayout layout,
        double[] amounts,
        double sumAmount,
        long tookMs) {

    void write(DataOutput out) throws IOException {
        kind.write(out);
        StateIo.writeLabels(out, labels);
        if (layout != null) {
            layout.write(out);
        }
        for (double amount : amounts) {
            out.writeDouble(amount);
        }
        out.writeDouble(sumAmount);
        out.writeLong(tookMs);
    }

    static Increment read(DataInput in) throws IOException {
        SeriesKind kind = SeriesKind.read(in);
        Labels labels = StateIo.readLabels(in);
        BucketLayout layout = kind == SeriesKind.COUNTER ? null : BucketLayout.read(in);
        double[] amounts = new double[layout == null ? 1 : layout.size()];
        for (int i = 0; i < amounts.length; i++) {
            amounts[i] = in.readDouble();
        }
        return new Increment(kind, labels, layout, amounts, in.readDouble(), in.readLong());
    }
}
