package dev.weir.aggregation.member;

import dev.weir.aggregation.release.BucketLayout;
import dev.weir.aggregation.release.CumulativeSeries;
import dev.weir.series.FloatHistogram;
import dev.weir.series.Labels;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All ways out of one series, of which those are open that its newest page asks for. */
final class Outlets {
    private final List<Outlet> all = new ArrayList<>();

    /** What is added to {@code series} from now on feeds these and no others. */
    void feed(List<Feed> feeds, CumulativeSeries series) {
        for (Outlet outlet : all) {
            outlet.open = feeds.contains(outlet.feed);
        }
        for (Feed feed : feeds) {
            if (all.stream().noneMatch(outlet -> outlet.feed.equals(feed))) {
                all.add(new Outlet(feed, series.hasPending() ? series.emptyCopy() : null));
            }
        }
    }

    /** Feeds these and forgets all others. */
    void feedOnly(List<Feed> feeds, CumulativeSeries series) {
        all.removeIf(outlet -> !feeds.contains(outlet.feed));
        feed(feeds, series);
    }

    /** Those of the series that are fed are alive in the window that closes. */
    void touch(Map<Labels, Member> fed, long windowStartMs, long windowEndMs) {
        for (Outlet outlet : all) {
            Member target = fed.get(outlet.feed.labels());
            if (target != null) {
                target.keepAlive(windowStartMs, windowEndMs);
            }
        }
    }

    /** Adds an increment to the series, and to what goes another way than all of it. */
    void add(
            CumulativeSeries series,
            @Nullable BucketLayout layout,
            double[] amounts,
            int offset,
            double sumAmount,
            double[] shares) {
        for (Outlet outlet : all) {
            outlet.prepare(series);
        }
        series.add(layout, amounts, offset, sumAmount, shares);
        for (Outlet outlet : all) {
            if (outlet.own != null && outlet.open) {
                outlet.own.add(layout, amounts, offset, sumAmount, shares);
            }
        }
    }

    /** Adds what is known of an increment by native buckets, after the increment itself. */
    void addNative(
            CumulativeSeries series,
            FloatHistogram gained,
            @Nullable BucketLayout layout,
            double[] amounts,
            int offset,
            double sumAmount,
            double[] shares) {
        for (Outlet outlet : all) {
            if (outlet.open && outlet.feed.takesNatives()) {
                NativeFeed natives = outlet.natives;
                if (natives == null) {
                    natives = new NativeFeed(series.emptyCopy());
                    outlet.natives = natives;
                }
                natives.add(gained, layout, amounts, offset, sumAmount, shares);
            }
        }
    }

    /** Feeds what the window that closes releases; {@code released} by the series itself, null for nothing. */
    void closeWindow(CumulativeSeries series, double @Nullable [] released, Member.Receiver receiver) {
        for (Outlet outlet : all) {
            CumulativeSeries own = outlet.own;
            if (own == null) {
                receiver.fed(outlet.feed, series, released);
            } else {
                receiver.fed(outlet.feed, own, own.closeWindow());
            }
            if (outlet.natives != null) {
                outlet.natives.closeWindow(outlet.feed, receiver);
            }
        }
    }

    void skipTo(long closedMs) {
        for (Outlet outlet : all) {
            if (outlet.own != null) {
                outlet.own.skipTo(closedMs);
            }
            if (outlet.natives != null) {
                outlet.natives.skipTo(closedMs);
            }
        }
    }

    void write(DataOutput out) throws IOException {
        out.writeInt(all.size());
        for (Outlet outlet : all) {
            outlet.write(out);
        }
    }

    static Outlets read(DataInput in, long windowMs) throws IOException {
        Outlets outlets = new Outlets();
        for (int i = in.readInt(); i > 0; i--) {
            outlets.all.add(Outlet.read(in, windowMs));
        }
        return outlets;
    }
}
