package dev.weir.aggregation.member;

import dev.weir.aggregation.release.CumulativeNativeHistogram;
import dev.weir.aggregation.state.HistogramIo;
import dev.weir.schemas.WriteRequestEncoder;
import dev.weir.series.FloatHistogram;
import dev.weir.series.Labels;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * The native histogram of a member whose classic part leaves as {@code _bucket}, {@code _count} and {@code _sum}: it leaves
 * under the histogram's own name, in the same records.
 */
public final class NativeOutput {
    private static final long NEVER = Long.MIN_VALUE;

    private static final FloatHistogram NOTHING = FloatHistogram.builder().build();

    private final CumulativeNativeHistogram histogram;
    private final byte[] labels;
    private long lastPointMs = NEVER;
    /** The newest written point; what a gap is bridged with. */
    private FloatHistogram written = NOTHING;

    NativeOutput(Labels labels) {
        this(WriteRequestEncoder.labels(labels.toMap()), new CumulativeNativeHistogram());
    }

    private NativeOutput(byte[] labels, CumulativeNativeHistogram histogram) {
        this.labels = labels;
        this.histogram = histogram;
    }

    public CumulativeNativeHistogram histogram() {
        return histogram;
    }

    /** Writes the point of a window that is due; {@code beforeMs}, {@code blockedMs} as for the member's other points. */
    void writePoint(long windowEndMs, long beforeMs, long blockedMs, long windowMs, WriteRequestEncoder out) {
        FloatHistogram total = histogram.total();
        if (beforeMs > blockedMs && (lastPointMs == NEVER || lastPointMs + windowMs <= beforeMs)) {
            // In the form of the point that follows, so that there is no reset between them.
            FloatHistogram former = lastPointMs == NEVER
                    ? FloatHistogram.builder()
                            .schema(total.schema())
                            .zero(total.zeroThreshold(), 0)
                            .build()
                    : written;
            out.addHistograms(labels, NativePoint.of(former, beforeMs), NativePoint.of(total, windowEndMs));
        } else {
            out.addHistograms(labels, NativePoint.of(total, windowEndMs));
        }
        lastPointMs = windowEndMs;
        written = total;
    }

    void writeStaleMarker(long windowEndMs, WriteRequestEncoder out) {
        if (lastPointMs != NEVER && lastPointMs < windowEndMs) {
            out.addHistograms(labels, NativePoint.stale(windowEndMs));
        }
    }

    void write(DataOutput out) throws IOException {
        histogram.write(out);
        out.writeLong(lastPointMs);
        HistogramIo.write(out, written);
    }

    static NativeOutput read(DataInput in, Labels labels) throws IOException {
        NativeOutput output =
                new NativeOutput(WriteRequestEncoder.labels(labels.toMap()), CumulativeNativeHistogram.read(in));
        output.lastPointMs = in.readLong();
        output.written = HistogramIo.read(in);
        return output;
    }
}
