package dev.weir.aggregation.view;

import dev.weir.aggregation.release.BucketLayout;
import dev.weir.aggregation.release.CumulativeSeries;
import dev.weir.aggregation.state.StateIo;
import dev.weir.schemas.WriteRequestEncoder;
import dev.weir.series.Labels;
import dev.weir.series.StaleMarker;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A quantile of what a histogram gained since its former point, linear inside the bucket as {@code histogram_quantile} has
 * it. Without an observation there is no value: the series ends until there is one.
 */
public final class QuantileGauge {
    private final Labels labels;
    private final double quantile;
    private double @Nullable [] former;
    private boolean live;

    /** @param quantile above 0, below 1 */
    public QuantileGauge(Labels labels, double quantile) {
        this.labels = labels;
        this.quantile = quantile;
    }

    /** Writes the value, or the marker that there is none, if the series was there before. */
    public void write(CumulativeSeries histogram, long timestampMs, WriteRequestEncoder out) {
        BucketLayout layout = histogram.layout();
        if (layout == null) {
            return;
        }
        double[] present = new double[layout.size()];
        for (int i = 0; i < present.length; i++) {
            present[i] = histogram.total(i);
        }
        double[] before = former;
        former = present;
        double value = before != null && before.length != present.length
                ? Double.NaN
                : quantile(layout, present, before == null ? new double[present.length] : before);
        if (!Double.isNaN(value)) {
            out.add(WriteRequestEncoder.labels(labels.toMap()), timestampMs, value);
            live = true;
        } else {
            end(timestampMs, out);
        }
    }

    public String name() {
        return labels.metricName();
    }

    /** Whether the newest point is a value. */
    public boolean isLive() {
        return live;
    }

    /** Ends the series, if it has a value. */
    public void end(long timestampMs, WriteRequestEncoder out) {
        if (live) {
            out.add(WriteRequestEncoder.labels(labels.toMap()), timestampMs, StaleMarker.VALUE);
            live = false;
        }
    }

    private double quantile(BucketLayout layout, double[] present, double[] before) {
        double count = 0;
        for (int i = 0; i < present.length; i++) {
            count += present[i] - before[i];
        }
        if (count <= 0) {
            return Double.NaN;
        }
        double rank = quantile * count;
        double below = 0;
        for (int i = 0; i < present.length; i++) {
            double inside = present[i] - before[i];
            if (inside > 0 && below + inside >= rank) {
                double low = i == 0 ? Math.min(0, layout.upperBound(0)) : layout.upperBound(i - 1);
                double high = layout.upperBound(i);
                return high == Double.POSITIVE_INFINITY ? low : low + (high - low) * (rank - below) / inside;
            }
            below += inside;
        }
        return Double.NaN;
    }

    public void write(DataOutput out) throws IOException {
        StateIo.writeLabels(out, labels);
        out.writeDouble(quantile);
        out.writeBoolean(live);
        double[] values = former;
        out.writeInt(values == null ? -1 : values.length);
        if (values != null) {
            for (double value : values) {
                out.writeDouble(value);
            }
        }
    }

    public static QuantileGauge read(DataInput in) throws IOException {
        QuantileGauge gauge = new QuantileGauge(StateIo.readLabels(in), in.readDouble());
        gauge.live = in.readBoolean();
        int size = in.readInt();
        if (size >= 0) {
            double[] values = new double[size];
            for (int i = 0; i < size; i++) {
                values[i] = in.readDouble();
            }
            gauge.former = values;
        }
        return gauge;
    }
}
