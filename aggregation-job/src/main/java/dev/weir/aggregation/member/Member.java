package dev.weir.aggregation.member;

import dev.weir.aggregation.profile.PageProfile;
import dev.weir.aggregation.release.BucketLayout;
import dev.weir.aggregation.release.CumulativeSeries;
import dev.weir.aggregation.report.OutputSeries;
import dev.weir.aggregation.report.SeriesKind;
import dev.weir.aggregation.state.StateIo;
import dev.weir.schemas.WriteRequestEncoder;
import dev.weir.series.FloatHistogram;
import dev.weir.series.Labels;
import dev.weir.series.StaleMarker;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One cumulative series of a group and how it leaves: which points were written, and when it was last alive. */
public final class Member {
    private static final long NEVER = Long.MIN_VALUE;
    private static final long NOT_YET = Long.MAX_VALUE;

    /** Takes what a series releases to another. */
    public interface Receiver {
        /** @param released by {@code from} in the window, with a histogram's sum at the end; null for nothing */
        void fed(Feed feed, CumulativeSeries from, double @Nullable [] released);

        /**
         * Some of what {@link #fed} gives is known by native buckets.
         *
         * @param gained as native buckets, null for nothing; rounded apart from {@code released}
         * @param classic has the layout of {@code released}
         * @param released the same gains as part of what was fed, with the sum at the end; null for nothing
         */
        default void fedNative(
                Feed feed, @Nullable FloatHistogram gained, CumulativeSeries classic, double @Nullable [] released) {}
    }

    private final SeriesKind kind;
    private final Labels labels;
    /** Distance of its points, as near as windows allow. */
    private final long stepMs;

    private final long windowMs;

    private final CumulativeSeries series;
    private boolean ended;
    /** Broker time at which the first scrape that had the series began. */
    private long beginMs = NOT_YET;
    /** Broker time of the newest scrape that had the series. */
    private long lastSeenMs = NEVER;
    /** Time of the newest written point. */
    private long lastPointMs = NEVER;
    /** The values of that point, in the order of its columns; what a gap is bridged with. */
    private double[] lastValues = new double[0];

    private final Outlets outlets;
    /** The page by which the outlets were opened and closed. */
    private @Nullable PageProfile page;

    /** Whether another writes a family of this name at present. */
    private boolean leftOut;

    private final PointColumns columns;

    /** Null unless a target has the histogram as a native one. */
    private @Nullable NativeOutput nativeOutput;

    public Member(SeriesKind kind, Labels labels, long stepMs, long windowMs, CumulativeSeries series) {
        this(kind, labels, stepMs, windowMs, series, new Outlets());
    }

    private Member(
            SeriesKind kind, Labels labels, long stepMs, long windowMs, CumulativeSeries series, Outlets outlets) {
        this.kind = kind;
        this.labels = labels;
        this.stepMs = stepMs;
        this.windowMs = windowMs;
        this.series = series;
        this.outlets = outlets;
        this.columns = new PointColumns(kind, labels);
    }

    public Labels labels() {
        return labels;
    }

    public SeriesKind kind() {
        return kind;
    }

    public long windowMs() {
        return windowMs;
    }

    public CumulativeSeries series() {
        return series;
    }

    /** Whether it was taken out of its group. */
    public boolean hasEnded() {
        return ended;
    }

    public void end() {
        ended = true;
    }

    /** Broker time of the newest scrape, or for what is fed the end of the newest window, that had the series. */
    public long lastSeenMs() {
        return lastSeenMs;
    }

    /**
     * The series is alive.
     *
     * @param fromMs broker time since when, no earlier than the end of the newest closed window
     * @param untilMs broker time up to when
     */
    public void keepAlive(long fromMs, long untilMs) {
        beginMs = Math.min(beginMs, fromMs);
        lastSeenMs = Math.max(lastSeenMs, untilMs);
    }

    /**
     * Whether the window holds any of the series' life. A scrape may be taken while windows before its own are open: they
     * get no points, so that what is written follows from append times alone.
     */
    public boolean hasBegun(long windowEndMs) {
        return windowEndMs > beginMs;
    }

    /** Those of the series that this one feeds are alive in the window that closes. */
    public void touch(Map<Labels, Member> fed, long windowEndMs) {
        outlets.touch(fed, windowEndMs - windowMs, windowEndMs);
    }

    /** Whether its page is another than the one before, so that what it feeds has to be found anew. */
    public boolean isNewTo(PageProfile other) {
        return page != other;
    }

    /** What pages of this kind add from now on feeds these and no others. */
    public void feed(PageProfile newPage, List<Feed> feeds) {
        page = newPage;
        feed(feeds);
    }

    /** What is added from now on feeds these and no others. */
    public void feed(List<Feed> feeds) {
        outlets.feed(feeds, series);
    }

    /** Feeds these and forgets all others. */
    public void feedOnly(List<Feed> feeds) {
        outlets.feedOnly(feeds, series);
    }

    /** Adds an increment to the series, and to what it feeds by the newest page. */
    public void add(@Nullable BucketLayout layout, double[] amounts, int offset, double sumAmount, double[] shares) {
        outlets.add(series, layout, amounts, offset, sumAmount, shares);
    }

    /**
     * Adds what is known of an increment by native buckets, after the increment itself.
     *
     * @param amounts the increment, as it was added
     */
    public void addNative(
            FloatHistogram gained,
            @Nullable BucketLayout layout,
            double[] amounts,
            int offset,
            double sumAmount,
            double[] shares) {
        if (nativeOutput != null) {
            nativeOutput.histogram().add(gained, shares);
        }
        outlets.addNative(series, gained, layout, amounts, offset, sumAmount, shares);
    }

    /**
     * Closes the next window and feeds what it releases.
     *
     * @return what it added to the series itself; null if nothing
     */
    public double @Nullable [] closeWindow(Receiver receiver) {
        double[] released = series.closeWindow();
        if (nativeOutput != null) {
            var unused = nativeOutput.histogram().closeWindow();
        }
        outlets.closeWindow(series, released, receiver);
        return released;
    }

    public void skipTo(long closedMs) {
        series.skipTo(closedMs);
        outlets.skipTo(closedMs);
    }

    /**
     * Takes the window's values as written, because a target exposes a family of this name: the series ends here and goes
     * on from these values when that has gone.
     *
     * @param marked whether the end is to be marked, which it is not where the target's own series has these labels
     */
    public void leaveOut(long windowEndMs, boolean marked, WriteRequestEncoder out) {
        if (!leftOut && marked) {
            writeStaleMarkers(windowEndMs, out);
        }
        leftOut = true;
        lastValues = columns.values(series);
        lastPointMs = windowEndMs;
    }

    /** How many series it writes. */
    public int seriesCount() {
        return OutputSeries.seriesCount(series.layout(), kind) + (nativeOutput == null ? 0 : 1);
    }

    /** All that it writes, buckets as one. */
    public List<Labels> outputs() {
        if (series.layout() == null) {
            return List.of(labels);
        }
        Stream<Labels> suffixed =
                Stream.of("_bucket", "_count", "_sum").map(suffix -> PointColumns.suffixed(labels, suffix));
        return nativeOutput == null
                ? suffixed.toList()
                : Stream.concat(suffixed, Stream.of(labels)).toList();
    }

    @Nullable
    public NativeOutput nativeOutput() {
        return nativeOutput;
    }

    /** From now on it has a native histogram, too. */
    public void addNativeOutput() {
        nativeOutput = new NativeOutput(labels);
    }

    /** Whether the window is the first to end at or after a multiple of the step. */
    public boolean isDue(long windowEndMs) {
        return Math.floorDiv(windowEndMs, stepMs) != Math.floorDiv(windowEndMs - windowMs, stepMs);
    }

    /** Whether something was added that no written point holds yet. */
    public boolean hasUnwritten() {
        if (series.hasPending() || stepMs == windowMs) {
            return series.hasPending();
        }
        double[] values = columns.values(series);
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
    public void writePoint(long windowEndMs, long blockedMs, WriteRequestEncoder out) {
        byte[][] encoded = columns.labels(series);
        double[] values = columns.values(series);
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
    public void writeStaleMarkers(long windowEndMs, WriteRequestEncoder out) {
        if (!leftOut && lastPointMs != NEVER && lastPointMs < windowEndMs) {
            for (byte[] column : columns.labels(series)) {
                out.add(column, windowEndMs, StaleMarker.VALUE);
            }
        }
        if (!leftOut && nativeOutput != null) {
            nativeOutput.writeStaleMarker(windowEndMs, out);
        }
    }

    public void write(DataOutput out) throws IOException {
        kind.write(out);
        StateIo.writeLabels(out, labels);
        out.writeLong(stepMs);
        series.write(out);
        out.writeLong(beginMs);
        out.writeLong(lastSeenMs);
        out.writeLong(lastPointMs);
        out.writeInt(lastValues.length);
        for (double value : lastValues) {
            out.writeDouble(value);
        }
        out.writeBoolean(leftOut);
        outlets.write(out);
        out.writeBoolean(nativeOutput != null);
        if (nativeOutput != null) {
            nativeOutput.write(out);
        }
    }

    public static Member read(DataInput in, long windowMs) throws IOException {
        SeriesKind kind = SeriesKind.read(in);
        Labels labels = StateIo.readLabels(in);
        long stepMs = in.readLong();
        CumulativeSeries series = CumulativeSeries.read(in, windowMs);
        long beginMs = in.readLong();
        long lastSeenMs = in.readLong();
        long lastPointMs = in.readLong();
        double[] lastValues = new double[in.readInt()];
        for (int i = 0; i < lastValues.length; i++) {
            lastValues[i] = in.readDouble();
        }
        boolean leftOut = in.readBoolean();
        Member member = new Member(kind, labels, stepMs, windowMs, series, Outlets.read(in, windowMs));
        member.beginMs = beginMs;
        member.lastSeenMs = lastSeenMs;
        member.lastPointMs = lastPointMs;
        member.lastValues = lastValues;
        member.leftOut = leftOut;
        member.nativeOutput = in.readBoolean() ? NativeOutput.read(in, labels) : null;
        return member;
    }
}
