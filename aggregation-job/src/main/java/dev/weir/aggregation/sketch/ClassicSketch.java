package dev.weir.aggregation.sketch;

import dev.weir.aggregation.release.CumulativeSeries;
import dev.weir.schemas.WriteRequestEncoder;
import dev.weir.series.Labels;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * The native histogram and the quantiles of a classic histogram of a group. The estimates take observations to lie evenly inside
 * their buckets; the bounds are those of the bucket in which the quantile lies, 0 in the first and +Inf in the last. Where unequal
 * layouts were merged, the bounds are those of the merged one, and may be narrower than a source knew.
 */
public final class ClassicSketch {
    private final ClassicGains gains;
    private final SketchSeries series;

    /** @param labels of the native histogram, the family's name included */
    public ClassicSketch(Labels labels) {
        this(new ClassicGains(), new SketchSeries(labels));
    }

    private ClassicSketch(ClassicGains gains, SketchSeries series) {
        this.gains = gains;
        this.series = series;
    }

    /** Whether a window without increments would write other values than the one before. */
    public boolean isLive() {
        return series.isLive();
    }

    /**
     * Writes what the histogram gained in the window that was closed.
     *
     * @param blockedMs up to here the series may have points of a former life
     */
    public void write(
            CumulativeSeries histogram, long windowEndMs, long windowMs, long blockedMs, WriteRequestEncoder out) {
        Distribution gained = gains.drain(histogram);
        if (gained == null) {
            series.write(null, null, windowEndMs, windowMs, blockedMs, out);
        } else {
            series.write(gained.sketch(), gained.quantiles(), windowEndMs, windowMs, blockedMs, out);
        }
    }

    /** Ends all series for their readers. */
    public void end(long windowEndMs, WriteRequestEncoder out) {
        series.end(windowEndMs, out);
    }

    /** Writes the stored form; its parts begin with their versions. */
    public void write(DataOutput out) throws IOException {
        gains.write(out);
        series.write(out);
    }

    public static ClassicSketch read(DataInput in) throws IOException {
        return new ClassicSketch(ClassicGains.read(in), SketchSeries.read(in));
    }
}
