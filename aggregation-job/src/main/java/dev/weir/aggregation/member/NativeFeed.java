package dev.weir.aggregation.member;

import dev.weir.aggregation.release.BucketLayout;
import dev.weir.aggregation.release.CumulativeNativeHistogram;
import dev.weir.aggregation.release.CumulativeSeries;
import dev.weir.series.FloatHistogram;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Gains of native histograms on their way to another series, beside the classic part of the very same gains, which they
 * stand for: so that who takes the ones leaves out the others, and nothing counts twice.
 */
final class NativeFeed {
    private final CumulativeNativeHistogram natives;
    private final CumulativeSeries classic;

    /** @param classic that has nothing yet */
    NativeFeed(CumulativeSeries classic) {
        this(new CumulativeNativeHistogram(), classic);
    }

    private NativeFeed(CumulativeNativeHistogram natives, CumulativeSeries classic) {
        this.natives = natives;
        this.classic = classic;
    }

    void add(
            FloatHistogram gained,
            @Nullable BucketLayout layout,
            double[] amounts,
            int offset,
            double sumAmount,
            double[] shares) {
        natives.add(gained, shares);
        classic.add(layout, amounts, offset, sumAmount, shares);
    }

    /** Closes the next window and gives what it releases. */
    void closeWindow(Feed feed, Member.Receiver receiver) {
        FloatHistogram released = natives.closeWindow();
        double[] amounts = classic.closeWindow();
        if (released != null || amounts != null) {
            receiver.fedNative(feed, released, classic, amounts);
        }
    }

    void skipTo(long closedMs) {
        classic.skipTo(closedMs);
    }

    void write(DataOutput out) throws IOException {
        natives.write(out);
        classic.write(out);
    }

    static NativeFeed read(DataInput in, long windowMs) throws IOException {
        return new NativeFeed(CumulativeNativeHistogram.read(in), CumulativeSeries.read(in, windowMs));
    }
}
