package dev.weir.aggregation.group;

import dev.weir.aggregation.profile.PageProfile;
import dev.weir.aggregation.release.BucketLayout;
import dev.weir.aggregation.release.CumulativeSeries;
import dev.weir.aggregation.state.StateIo;
import dev.weir.schemas.WriteRequestEncoder;
import dev.weir.series.Labels;
import dev.weir.series.StaleMarker;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One cumulative series of a group and how it leaves: which points were written, and when it was last alive. */
final class Member {
    private static final long NEVER = Long.MIN_VALUE;

    /** Takes what a series releases to another. */
    interface Receiver {
        /** @param released by {@code from} in the window, with a histogram's sum at the end; null for nothing */
        void fed(Feed feed, CumulativeSeries from, double @Nullable [] released);
    }

    private final SeriesKind kind;
    private final Labels labels;
    /** Distance of its points, as near as windows allow. */
    private final long stepMs;

    private final long windowMs;

    final CumulativeSeries series;
    /** Whether it was taken out of its group. */
    boolean ended;
    /** Broker time of the newest scrape that had the series. */
    long lastSeenMs;
    /** Time of the newest written point. */
    private long lastPointMs;
    /** The values of that point, in the order of {@link #columns}; what a gap is bridged with. */
    private double[] lastValues;

    private final List<Outlet> outlets = new ArrayList<>();
    /** The page by which the outlets were opened and closed. */
    private @Nullable PageProfile page;

    /** Whether another writes a family of this name at present. */
    private boolean leftOut;

    /** Encoded labels of every column; made when needed, remade when the layout changed. */
    private byte @Nullable [][] columns;

    /** Null unless a target has the histogram as a native one. */
    private @Nullable NativeOutput nativeOutput;

    Member(SeriesKind kind, Labels labels, long stepMs, long windowMs, CumulativeSeries series) {
        this(kind, labels, stepMs, windowMs, series, NEVER, NEVER, new double[0]);
    }

    private Member(
            SeriesKind kind,
            Labels labels,
            long stepMs,
            long windowMs,
            CumulativeSeries series,
            long lastSeenMs,
            long lastPointMs,
            double[] lastValues) {
        this.kind = kind;
        this.labels = labels;
        this.stepMs = stepMs;
        this.windowMs = windowMs;
        this.series = series;
        this.lastSeenMs = lastSeenMs;
        this.lastPointMs = lastPointMs;
        this.lastValues = lastValues;
    }

    Labels labels() {
        return labels;
    }

    SeriesKind kind() {
        return kind;
    }

    long windowMs() {
        return windowMs;
    }

    /** Those of the series that this one feeds are alive in the window that closes. */
    void touch(Map<Labels, Member> fed, long windowEndMs) {
        for (Outlet outlet : outlets) {
            Member target = fed.get(outlet.feed.labels());
            if (target != null) {
                target.lastSeenMs = windowEndMs;
            }
        }
    }

    /** Whether its page is another than the one before, so that what it feeds has to be found anew. */
    boolean isNewTo(PageProfile other) {
        return page != other;
    }

    /** What pages of this kind add from now on feeds these and no others. */
    void feed(PageProfile newPage, List<Feed> feeds) {
        page = newPage;
        feed(feeds);
    }

    /** What is added from now on feeds these and no others. */
    void feed(List<Feed> feeds) {
        for (Outlet outlet : outlets) {
            outlet.open = feeds.contains(outlet.feed);
        }
        for (Feed feed : feeds) {
            if (outlets.stream().noneMatch(outlet -> outlet.feed.equals(feed))) {
                outlets.add(new Outlet(feed, series.hasPending() ? series.emptyCopy() : null));
            }
        }
    }

    /** Feeds these and forgets all others. */
    void feedOnly(List<Feed> feeds) {
        outlets.removeIf(outlet -> !feeds.contains(outlet.feed));
        feed(feeds);
    }

    /** Adds an increment to the series, and to what it feeds by the newest page. */
    void add(@Nullable BucketLayout layout, double[] amounts, int offset, double sumAmount, double[] shares) {
        for (Outlet outlet : outlets) {
            outlet.prepare(series);
        }
        series.add(layout, amounts, offset, sumAmount, shares);
        for (Outlet outlet : outlets) {
            if (outlet.own != null && outlet.open) {
                outlet.own.add(layout, amounts, offset, sumAmount, shares);
            }
        }
    }

    /**
     * Closes the next window and feeds what it releases.
     *
     * @return what it added to the series itself; null if nothing
     */
    double @Nullable [] closeWindow(Receiver receiver) {
        double[] released = series.closeWindow();
        if (nativeOutput != null) {
            nativeOutput.histogram.closeWindow();
        }
        for (Outlet outlet : outlets) {
            CumulativeSeries own = outlet.own;
            if (own == null) {
                receiver.fed(outlet.feed, series, released);
            } else {
                receiver.fed(outlet.feed, own, own.closeWindow());
            }
        }
        return released;
    }

    void skipTo(long closedMs) {
        series.skipTo(closedMs);
        for (Outlet outlet : outlets) {
            if (outlet.own != null) {
                outlet.own.skipTo(closedMs);
            }
        }
    }

    /**
     * Takes the window's values as written, because a target exposes a family of this name: the series ends here and goes
     * on from these values when that has gone.
     *
     * @param marked whether the end is to be marked, which it is not where the target's own series has these labels
     */
    void leaveOut(long windowEndMs, boolean marked, WriteRequestEncoder out) {
        if (!leftOut && marked) {
            writeStaleMarkers(windowEndMs, out);
        }
        leftOut = true;
        lastValues = values(columns().length);
        lastPointMs = windowEndMs;
    }

    /** All that it writes, buckets as one. */
    List<Labels> outputs() {
        if (series.layout() == null) {
            return List.of(labels);
        }
        Stream<Labels> suffixed = Stream.of("_bucket", "_count", "_sum").map(this::suffixed);
        return nativeOutput == null
                ? suffixed.toList()
                : Stream.concat(suffixed, Stream.of(labels)).toList();
    }

    @Nullable
    NativeOutput nativeOutput() {
        return nativeOutput;
    }

    /** From now on it has a native histogram, too. */
    NativeOutput addNativeOutput() {
        NativeOutput added = new NativeOutput(labels);
        nativeOutput = added;
        return added;
    }

    /** Whether the window is the first to end at or after a multiple of the step. */
    boolean isDue(long windowEndMs) {
        return Math.floorDiv(windowEndMs, stepMs) != Math.floorDiv(windowEndMs - windowMs, stepMs);
    }

    /** Whether something was added that no written point holds yet. */
    boolean hasUnwritten() {
        if (series.hasPending() || stepMs == windowMs) {
            return series.hasPending();
        }
        double[] values = values(columns().length);
        return lastPointMs == NEVER
                ? Arrays.stream(values).anyMatch(value -> value != 0)
                : !Arrays.equals(values, lastValues);
    }

    /**
     * Writes the point of a window that is due. The first point, and the first after a gap, is preceded one step earlier
     * by the former value, unless something stands at that time already.
     *
     * @param blockedMs a time up to which the series' labels have points of a former life
     */
    void writePoint(long windowEndMs, long blockedMs, WriteRequestEncoder out) {
        byte[][] encoded = columns();
        double[] values = values(encoded.length);
        long beforeMs = windowEndMs - stepMs;
        boolean precede = beforeMs > blockedMs && (lastPointMs == NEVER || lastPointMs + windowMs <= beforeMs);
        for (int i = 0; i < encoded.length; i++) {
            // A column that a new layout brought has no former value of its own; it starts where it stands.
            boolean known = lastPointMs == NEVER || lastValues.length == encoded.length;
            double former = lastPointMs == NEVER ? 0 : known ? lastValues[i] : values[i];
            if (precede) {
                out.add(encoded[i], beforeMs, former, windowEndMs, values[i]);
            } else {
                out.add(encoded[i], windowEndMs, values[i]);
            }
        }
        if (nativeOutput != null) {
            nativeOutput.writePoint(windowEndMs, beforeMs, blockedMs, windowMs, out);
        }
        lastPointMs = windowEndMs;
        lastValues = values;
        leftOut = false;
    }

    /** Ends the series for its readers. */
    void writeStaleMarkers(long windowEndMs, WriteRequestEncoder out) {
        if (!leftOut && lastPointMs != NEVER && lastPointMs < windowEndMs) {
            for (byte[] column : columns()) {
                out.add(column, windowEndMs, StaleMarker.VALUE);
            }
        }
        if (!leftOut && nativeOutput != null) {
            nativeOutput.writeStaleMarker(windowEndMs, out);
        }
    }

    private double[] values(int columnCount) {
        double[] values = new double[columnCount];
        BucketLayout layout = series.layout();
        if (layout == null) {
            values[0] = series.total(0);
            return values;
        }
        double count = 0;
        int column = 0;
        for (int i = 0; i < layout.size(); i++) {
            count += series.total(i);
            if (kind == SeriesKind.HISTOGRAM) {
                values[column++] = count;
            }
        }
        values[column++] = count;
        if (series.hasSum()) {
            values[column] = series.sum();
        }
        return values;
    }

    /** A counter's own labels; else of all buckets, the count, and the sum if there is one. */
    private byte[][] columns() {
        BucketLayout layout = series.layout();
        int buckets = kind == SeriesKind.HISTOGRAM && layout != null ? layout.size() : 0;
        int count = layout == null ? 1 : buckets + 1 + (series.hasSum() ? 1 : 0);
        byte[][] encoded = columns;
        if (encoded != null && encoded.length == count) {
            return encoded;
        }
        encoded = new byte[count][];
        if (layout == null) {
            encoded[0] = WriteRequestEncoder.labels(labels.toMap());
        } else {
            for (int i = 0; i < buckets; i++) {
                encoded[i] = encode("_bucket", layout.le(i));
            }
            encoded[buckets] = encode("_count", "");
            if (series.hasSum()) {
                encoded[buckets + 1] = encode("_sum", "");
            }
        }
        columns = encoded;
        return encoded;
    }

    private byte[] encode(String suffix, String le) {
        Labels suffixed = suffixed(suffix);
        Labels complete =
                le.isEmpty() ? suffixed : suffixed.toBuilder().set("le", le).build();
        return WriteRequestEncoder.labels(complete.toMap());
    }

    private Labels suffixed(String suffix) {
        return labels.toBuilder()
                .set(Labels.METRIC_NAME, labels.metricName() + suffix)
                .build();
    }

    /** A copy that shares nothing that changes. */
    Member copy() {
        Member copy = new Member(kind, labels, stepMs, windowMs, series.copy(), lastSeenMs, lastPointMs, lastValues);
        copy.columns = columns;
        copy.page = page;
        copy.leftOut = leftOut;
        outlets.forEach(outlet -> copy.outlets.add(outlet.copy()));
        copy.nativeOutput = nativeOutput == null ? null : nativeOutput.copy();
        return copy;
    }

    void write(DataOutput out) throws IOException {
        kind.write(out);
        StateIo.writeLabels(out, labels);
        out.writeLong(stepMs);
        series.write(out);
        out.writeLong(lastSeenMs);
        out.writeLong(lastPointMs);
        out.writeInt(lastValues.length);
        for (double value : lastValues) {
            out.writeDouble(value);
        }
        out.writeBoolean(leftOut);
        out.writeInt(outlets.size());
        for (Outlet outlet : outlets) {
            outlet.write(out);
        }
        out.writeBoolean(nativeOutput != null);
        if (nativeOutput != null) {
            nativeOutput.write(out);
        }
    }

    static Member read(DataInput in, long windowMs) throws IOException {
        SeriesKind kind = SeriesKind.read(in);
        Labels labels = StateIo.readLabels(in);
        long stepMs = in.readLong();
        CumulativeSeries series = CumulativeSeries.read(in, windowMs);
        long lastSeenMs = in.readLong();
        long lastPointMs = in.readLong();
        double[] lastValues = new double[in.readInt()];
        for (int i = 0; i < lastValues.length; i++) {
            lastValues[i] = in.readDouble();
        }
        Member member = new Member(kind, labels, stepMs, windowMs, series, lastSeenMs, lastPointMs, lastValues);
        member.leftOut = in.readBoolean();
        for (int i = in.readInt(); i > 0; i--) {
            member.outlets.add(Outlet.read(in, windowMs));
        }
        member.nativeOutput = in.readBoolean() ? NativeOutput.read(in, labels) : null;
        return member;
    }
}
