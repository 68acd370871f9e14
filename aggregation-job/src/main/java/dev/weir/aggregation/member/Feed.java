package dev.weir.aggregation.member;

import dev.weir.aggregation.profile.Part;
import dev.weir.aggregation.release.BucketLayout;
import dev.weir.aggregation.report.SeriesKind;
import dev.weir.aggregation.state.StateIo;
import dev.weir.series.Labels;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * How what one series of a group gains makes another series grow.
 *
 * @param kind of the series that is fed
 * @param labels of the series that is fed
 * @param take which part of a histogram feeds a counter
 * @param into which part of a summary a counter feeds
 * @param scale from the unit of the one to the unit of the other
 */
public record Feed(SeriesKind kind, Labels labels, Part take, Part into, double scale) {
    /**
     * The feed from a series of kind {@code from}, or null if such a series has no such part.
     *
     * @param histogram whether the series that is fed is a histogram or summary
     */
    public static @Nullable Feed of(
            SeriesKind from, boolean histogram, Labels labels, Part take, Part into, double scale) {
        if (from == SeriesKind.COUNTER) {
            boolean fits = take == Part.WHOLE && histogram == (into != Part.WHOLE);
            return fits
                    ? new Feed(histogram ? SeriesKind.SUMMARY : SeriesKind.COUNTER, labels, take, into, scale)
                    : null;
        }
        if (take == Part.WHOLE && into == Part.WHOLE) {
            return histogram ? new Feed(from, labels, take, into, scale) : null;
        }
        // A part of a histogram is a counter, be it one of its own or a part of a summary.
        boolean fits = take != Part.WHOLE && histogram == (into != Part.WHOLE);
        return fits ? new Feed(histogram ? SeriesKind.SUMMARY : SeriesKind.COUNTER, labels, take, into, scale) : null;
    }

    /** Whether native gains of the one are such of the other: in the same unit, since native bounds cannot be moved. */
    boolean takesNatives() {
        return kind == SeriesKind.HISTOGRAM && take == Part.WHOLE && into == Part.WHOLE && scale == 1;
    }

    /** Layout of the series that is fed; bounds are written as Prometheus itself does. */
    @Nullable
    public BucketLayout layout(@Nullable BucketLayout from, ScaledLayouts layouts) {
        if (kind == SeriesKind.COUNTER) {
            return null;
        }
        return into != Part.WHOLE || from == null ? BucketLayout.ONE_BUCKET : layouts.of(from, scale);
    }

    /**
     * What the fed series gains.
     *
     * @param amounts of the feeding series, with its sum at the end if it has a layout
     */
    public double[] amounts(double[] amounts, boolean fromHistogram) {
        if (kind != SeriesKind.COUNTER && into == Part.WHOLE) {
            double[] counts = new double[amounts.length - 1];
            System.arraycopy(amounts, 0, counts, 0, counts.length);
            return counts;
        }
        double part = fromHistogram ? part(amounts) : amounts[0];
        return into == Part.SUM ? new double[] {0} : new double[] {part * scale};
    }

    /** The sum that goes with {@link #amounts}; NaN if none. */
    public double sum(double[] amounts, boolean fromHistogram, boolean fromHasSum) {
        if (kind == SeriesKind.COUNTER || into == Part.COUNT) {
            return Double.NaN;
        }
        if (into == Part.SUM) {
            return scale * (fromHistogram ? part(amounts) : amounts[0]);
        }
        return fromHasSum ? scale * amounts[amounts.length - 1] : Double.NaN;
    }

    private double part(double[] amounts) {
        if (take == Part.SUM) {
            return amounts[amounts.length - 1];
        }
        double count = 0;
        for (int i = 0; i < amounts.length - 1; i++) {
            count += amounts[i];
        }
        return count;
    }

    void write(DataOutput out) throws IOException {
        kind.write(out);
        StateIo.writeLabels(out, labels);
        take.write(out);
        into.write(out);
        out.writeDouble(scale);
    }

    static Feed read(DataInput in) throws IOException {
        return new Feed(SeriesKind.read(in), StateIo.readLabels(in), Part.read(in), Part.read(in), in.readDouble());
    }
}
