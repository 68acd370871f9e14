package dev.weir.aggregation.report;

import dev.weir.aggregation.release.BucketLayout;
import dev.weir.aggregation.state.StateIo;
import dev.weir.series.Labels;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The output that a target's cumulative series adds to.
 *
 * @param labels {@code __name__} (for a histogram and summary the family's) included
 * @param layout null for a counter
 */
public record OutputSeries(
        SeriesKind kind, Labels labels, @Nullable BucketLayout layout) {

    /** How many series it leaves as: each bucket, the count and the sum. */
    public int seriesCount() {
        return seriesCount(layout, kind);
    }

    /** How many series one of that layout and kind leaves as. */
    public static int seriesCount(@Nullable BucketLayout layout, SeriesKind kind) {
        return layout == null ? 1 : 2 + (kind == SeriesKind.HISTOGRAM ? layout.size() : 0);
    }

    /** How many values one increment has: a counter's one, or one for each bucket. */
    public int width() {
        return layout == null ? 1 : layout.size();
    }

    public void write(DataOutput out) throws IOException {
        kind.write(out);
        StateIo.writeLabels(out, labels);
        if (layout != null) {
            layout.write(out);
        }
    }

    public static OutputSeries read(DataInput in) throws IOException {
        SeriesKind kind = SeriesKind.read(in);
        Labels labels = StateIo.readLabels(in);
        return new OutputSeries(kind, labels, kind == SeriesKind.COUNTER ? null : BucketLayout.read(in));
    }
}
