package dev.weir.aggregation.member;

import dev.weir.aggregation.release.CumulativeSeries;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * One way out of a series to another that grows with it; part of the state, so that what is pending at a restore reaches
 * the other. Closed while a page has the family under a newer name as well.
 */
final class Outlet {
    final Feed feed;
    /** What goes this way, if that is not all that the series has. */
    @Nullable
    CumulativeSeries own;

    /** Null unless something of what goes this way is known by native buckets. */
    @Nullable
    NativeFeed natives;

    boolean open = true;

    Outlet(Feed feed, @Nullable CumulativeSeries own) {
        this.feed = feed;
        this.own = own;
    }

    /** Makes ready for something that is about to be added to the series. */
    void prepare(CumulativeSeries series) {
        if (!open && own == null) {
            own = series.pendingCopy();
        }
    }

    void write(DataOutput out) throws IOException {
        feed.write(out);
        out.writeBoolean(open);
        out.writeBoolean(own != null);
        if (own != null) {
            own.write(out);
        }
        out.writeBoolean(natives != null);
        if (natives != null) {
            natives.write(out);
        }
    }

    static Outlet read(DataInput in, long windowMs) throws IOException {
        Outlet outlet = new Outlet(Feed.read(in), null);
        outlet.open = in.readBoolean();
        outlet.own = in.readBoolean() ? CumulativeSeries.read(in, windowMs) : null;
        outlet.natives = in.readBoolean() ? NativeFeed.read(in, windowMs) : null;
        return outlet;
    }
}
