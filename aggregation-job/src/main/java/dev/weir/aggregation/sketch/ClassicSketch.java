package dev.weir.aggregation.sketch;

import dev.weir.aggregation.release.BucketLayout;
import dev.weir.aggregation.release.CumulativeSeries;
import dev.weir.schemas.WriteRequestEncoder;
import dev.weir.series.FloatHistogram;
import dev.weir.series.Labels;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The native histogram and the quantiles of a classic histogram of a group. What is known by native buckets goes by these, all
 * else by the classic ones. The estimates take observations to lie evenly inside
 * their buckets; the bounds are those of the bucket in which the quantile lies, 0 in the first and +Inf in the last. Where unequal
 * layouts were merged, the bounds are those of the merged one, and may be narrower than a source knew.
 */
public final class ClassicSketch {
    private final ClassicGains gains;
    private final SketchSeries series;
    /** What the window that closes has gained by native buckets; null between windows. */
    private @Nullable Distribution natives;

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
     * Takes what is known by native buckets of what the histogram gains in the window that closes; before {@link #write}.
     *
     * @param layout of {@code classic}
     * @param classic the same gains as the histogram has them, with the sum at the end; null for nothing
     */
    public void take(@Nullable FloatHistogram gained, @Nullable BucketLayout layout, double @Nullable [] classic) {
        if (gained != null) {
            Distribution known = natives;
            natives = known == null ? new Distribution() : known;
            natives.addNative(gained);
        }
        if (layout != null && classic != null) {
            gains.leaveOut(layout, classic);
        }
    }

    /**
     * Writes what the histogram gained in the window that was closed.
     *
     * @param blockedMs up to here the series may have points of a former life
     */
    public void write(
            CumulativeSeries histogram, long windowEndMs, long windowMs, long blockedMs, WriteRequestEncoder out) {
        Distribution gained = drain(histogram);
        if (gained == null) {
            series.write(null, null, windowEndMs, windowMs, blockedMs, out);
        } else {
            series.write(gained.sketch(), gained.quantiles(), windowEndMs, windowMs, blockedMs, out);
        }
    }

    /**
     * Takes what the histogram gained in the window as written; the series end for their readers.
     *
     * @param marked whether the end is to be marked
     */
    public void leaveOut(CumulativeSeries histogram, long windowEndMs, boolean marked, WriteRequestEncoder out) {
        Distribution gained = drain(histogram);
        series.leaveOut(gained == null ? null : gained.sketch(), windowEndMs, marked, out);
    }

    private @Nullable Distribution drain(CumulativeSeries histogram) {
        Distribution known = natives;
        natives = null;
        Distribution classic = gains.drain(histogram);
        BucketLayout layout = histogram.layout();
        if (classic == null || layout == null || layout.size() == 1) {
            return known;
        }
        if (known == null) {
            return classic;
        }
        known.add(classic);
        return known;
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
