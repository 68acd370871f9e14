package dev.weir.aggregation.release;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * One cumulative output series, a counter or a whole classic histogram: what it came to, and what later windows will add.
 *
 * <p>Conservation: the totals after the last window hold exactly what was added, for integers to the unit.
 */
public final class CumulativeSeries {
    /** A histogram that is merged of unequal layouts grows to no more buckets; what is finer goes to the next bound. */
    private static final int MAX_MERGED_BUCKETS = 512;

    private final long windowMs;
    private @Nullable BucketLayout layout;
    private boolean layoutsMixed;
    /** A counter's value, or a histogram's counts per single bucket. */
    private double[] totals;

    private double sum;
    private boolean hasSum;
    /** End of the newest closed window; the first element of {@link #pending} belongs to the one after it. */
    private long closedMs;
    /** Per window the amounts, with the sum's share at the end of a histogram's. */
    private final Deque<double[]> pending = new ArrayDeque<>();

    /** @param closedMs end of the newest closed window */
    public CumulativeSeries(long windowMs, @Nullable BucketLayout layout, long closedMs) {
        this.windowMs = windowMs;
        this.layout = layout;
        this.totals = new double[layout == null ? 1 : layout.size()];
        this.closedMs = closedMs;
    }

    /** Null for a counter. */
    public @Nullable BucketLayout layout() {
        return layout;
    }

    /** Whether histograms of different bounds were merged. */
    public boolean layoutsMixed() {
        return layoutsMixed;
    }

    /** A counter's value after the newest closed window, or a histogram's count in that single bucket. */
    public double total(int bucket) {
        return totals[bucket];
    }

    public double sum() {
        return sum;
    }

    public boolean hasSum() {
        return hasSum;
    }

    public boolean hasPending() {
        return !pending.isEmpty();
    }

    /**
     * Adds an increment to the windows of {@code span}.
     *
     * @param from layout of {@code amounts}; null for a counter
     * @param amounts one, or one per single bucket
     * @param sumAmount a histogram's; NaN if it has none
     */
    public void add(@Nullable BucketLayout from, double[] amounts, double sumAmount, Span span) {
        add(from, amounts, 0, sumAmount, span.shares(closedMs, windowMs));
    }

    /**
     * Adds an increment to the windows after the newest closed one.
     *
     * @param from layout of {@code amounts}; null for a counter
     * @param amounts one, or one per single bucket, from {@code offset} on; read only
     * @param sumAmount a histogram's; NaN if it has none
     * @param shares how much of it is released by the end of each of these windows, as {@link Span#shares}
     */
    public void add(@Nullable BucketLayout from, double[] amounts, int offset, double sumAmount, double[] shares) {
        double[] fitting = amounts;
        int start = offset;
        if (from != null && layout != null && !from.sameBounds(layout)) {
            fitting = fit(layout, from, Arrays.copyOfRange(amounts, offset, offset + from.size()));
            start = 0;
        }
        double[][] slots = slots(shares);
        double[] released = new double[shares.length];
        // Amount by amount, not window by window: most are 0, and JDK 17.0.15's C2 crashes where it vectorizes the
        // latter.
        for (int i = 0; i < totals.length; i++) {
            if (fitting[start + i] != 0) {
                release(fitting[start + i], i, shares, slots, released);
            }
        }
        if (layout != null && Double.isFinite(sumAmount)) {
            hasSum = true;
            releaseSum(sumAmount, shares, slots, released);
        }
    }

    private static void release(double amount, int index, double[] shares, double[][] slots, double[] released) {
        double given = 0;
        for (int window = 0; window < shares.length; window++) {
            if (shares[window] > 0) {
                double target = Amounts.part(amount, shares[window]);
                slots[window][index] += target - given;
                released[window] += target;
                given = target;
            }
        }
    }

    /** Splits a sum as the counts are split, or evenly where there are none. */
    private void releaseSum(double amount, double[] shares, double[][] slots, double[] released) {
        double count = released[released.length - 1];
        double given = 0;
        for (int window = 0; window < shares.length; window++) {
            if (shares[window] > 0) {
                boolean last = shares[window] >= 1;
                double target = last
                        ? amount
                        : amount * (count > 0 && Double.isFinite(count) ? released[window] / count : shares[window]);
                slots[window][totals.length] += target - given;
                given = target;
            }
        }
    }

    /**
     * Closes the next window.
     *
     * @return what it added, with a histogram's sum at the end; null if nothing
     */
    public double @Nullable [] closeWindow() {
        closedMs += windowMs;
        double[] amounts = pending.pollFirst();
        if (amounts == null) {
            return null;
        }
        for (int i = 0; i < totals.length; i++) {
            totals[i] += amounts[i];
        }
        sum += amounts[totals.length];
        return amounts;
    }

    /** A series of the same kind that has nothing yet. */
    public CumulativeSeries emptyCopy() {
        CumulativeSeries copy = new CumulativeSeries(windowMs, layout, closedMs);
        copy.hasSum = hasSum;
        return copy;
    }

    /** A series that has nothing yet and will release what this one has pending. */
    public CumulativeSeries pendingCopy() {
        CumulativeSeries copy = emptyCopy();
        pending.forEach(slot -> copy.pending.addLast(slot.clone()));
        return copy;
    }

    /**
     * Moves on to a later closed window without closing those between.
     *
     * @throws IllegalStateException if something is pending
     */
    public void skipTo(long laterClosedMs) {
        if (hasPending()) {
            throw new IllegalStateException("windows with pending increments cannot be skipped");
        }
        closedMs = laterClosedMs;
    }

    /** The slots of the first windows, made where they are missing. */
    private double[][] slots(double[] shares) {
        while (pending.size() < shares.length) {
            pending.addLast(new double[totals.length + 1]);
        }
        double[][] slots = new double[shares.length][];
        int window = 0;
        for (double[] slot : pending) {
            if (window == shares.length) {
                break;
            }
            slots[window++] = slot;
        }
        return slots;
    }

    private double[] fit(BucketLayout present, BucketLayout from, double[] amounts) {
        layoutsMixed = true;
        BucketLayout united = present.union(from);
        if (united.size() > Math.max(MAX_MERGED_BUCKETS, present.size())) {
            return from.coarsen(amounts, present);
        }
        if (!united.sameBounds(present)) {
            relayout(present, united);
        }
        return from.split(amounts, united);
    }

    private void relayout(BucketLayout former, BucketLayout united) {
        int formerSize = former.size();
        totals = former.split(totals, united);
        int windows = pending.size();
        for (int i = 0; i < windows; i++) {
            double[] slot = pending.removeFirst();
            double[] counts = Arrays.copyOf(slot, formerSize);
            double[] moved = Arrays.copyOf(former.split(counts, united), united.size() + 1);
            moved[united.size()] = slot[formerSize];
            pending.addLast(moved);
        }
        layout = united;
    }

    public void write(DataOutput out) throws IOException {
        out.writeBoolean(layout != null);
        if (layout != null) {
            layout.write(out);
        }
        out.writeBoolean(layoutsMixed);
        writeDoubles(out, totals);
        out.writeDouble(sum);
        out.writeBoolean(hasSum);
        out.writeLong(closedMs);
        out.writeInt(pending.size());
        for (double[] slot : pending) {
            writeDoubles(out, slot);
        }
    }

    public static CumulativeSeries read(DataInput in, long windowMs) throws IOException {
        BucketLayout layout = in.readBoolean() ? BucketLayout.read(in) : null;
        CumulativeSeries series = new CumulativeSeries(windowMs, layout, 0);
        series.layoutsMixed = in.readBoolean();
        series.totals = readDoubles(in, series.totals.length);
        series.sum = in.readDouble();
        series.hasSum = in.readBoolean();
        series.closedMs = in.readLong();
        int windows = in.readInt();
        for (int i = 0; i < windows; i++) {
            series.pending.addLast(readDoubles(in, series.totals.length + 1));
        }
        return series;
    }

    private static void writeDoubles(DataOutput out, double[] values) throws IOException {
        for (double value : values) {
            out.writeDouble(value);
        }
    }

    private static double[] readDoubles(DataInput in, int count) throws IOException {
        double[] values = new double[count];
        for (int i = 0; i < count; i++) {
            values[i] = in.readDouble();
        }
        return values;
    }
}
