package dev.weir.aggregation.view;

import dev.weir.aggregation.state.StateIo;
import dev.weir.schemas.WriteRequestEncoder;
import dev.weir.series.Labels;
import dev.weir.series.StaleMarker;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What a counter gained over a time before now, told at each of its points; while the counter is younger, what it gained
 * since it began. Holds one pair of numbers for each point of that time.
 */
public final class RollingGauge {
    private final Labels labels;
    private final long overMs;
    /** Time and value of the counter's points within the time before now. */
    private final Deque<double[]> points = new ArrayDeque<>();
    /** The counter's value before them. */
    private double before;

    private boolean live;

    public RollingGauge(Labels labels, long overMs) {
        this.labels = labels;
        this.overMs = overMs;
    }

    /** Writes the value for the counter's point. */
    public void write(double total, long timestampMs, WriteRequestEncoder out) {
        while (!points.isEmpty() && points.getFirst()[0] <= timestampMs - overMs) {
            before = points.removeFirst()[1];
        }
        points.addLast(new double[] {timestampMs, total});
        out.add(WriteRequestEncoder.labels(labels.toMap()), timestampMs, total - before);
        live = true;
    }

    public String name() {
        return labels.metricName();
    }

    /** Ends the series. */
    public void end(long timestampMs, WriteRequestEncoder out) {
        if (live) {
            out.add(WriteRequestEncoder.labels(labels.toMap()), timestampMs, StaleMarker.VALUE);
            live = false;
        }
    }

    public void write(DataOutput out) throws IOException {
        StateIo.writeLabels(out, labels);
        out.writeLong(overMs);
        out.writeBoolean(live);
        out.writeDouble(before);
        out.writeInt(points.size());
        for (double[] point : points) {
            out.writeDouble(point[0]);
            out.writeDouble(point[1]);
        }
    }

    public static RollingGauge read(DataInput in) throws IOException {
        RollingGauge gauge = new RollingGauge(StateIo.readLabels(in), in.readLong());
        gauge.live = in.readBoolean();
        gauge.before = in.readDouble();
        for (int i = in.readInt(); i > 0; i--) {
            gauge.points.addLast(new double[] {in.readDouble(), in.readDouble()});
        }
        return gauge;
    }
}
