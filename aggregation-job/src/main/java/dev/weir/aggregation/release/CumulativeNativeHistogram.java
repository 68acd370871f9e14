package dev.weir.aggregation.release;

import dev.weir.aggregation.state.HistogramIo;
import dev.weir.series.BucketCounts;
import dev.weir.series.FloatHistogram;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One cumulative native histogram: what it came to, and what later windows will add. Histograms of unequal resolution meet
 * at the coarser one, those of unequal zero buckets at the wider; it never becomes finer again, so that no reader sees a
 * reset.
 *
 * <p>Conservation: the total after the last window holds exactly what was added, for integers to the unit, in the bucket in
 * which it was or the coarser one around it.
 */
public final class CumulativeNativeHistogram {
    /** A histogram that has more populated buckets is made coarser; client libraries keep to some 160. */
    static final int MAX_BUCKETS = 1_024;

    private static final FloatHistogram EMPTY =
            FloatHistogram.builder().schema(FloatHistogram.MAX_SCHEMA).build();

    private FloatHistogram total = EMPTY;
    /** Per window after the newest closed one. */
    private final Deque<FloatHistogram> pending = new ArrayDeque<>();

    /** The histogram after the newest closed window. */
    public FloatHistogram total() {
        return total;
    }

    public boolean hasPending() {
        return !pending.isEmpty();
    }

    /**
     * Adds what a replica's histogram gained; a sum that is not finite is left out.
     *
     * @param shares how much of it is released by the end of each window after the newest closed one, as {@link
     *     Span#shares}
     */
    public void add(FloatHistogram gained, double[] shares) {
        add(
                shares,
                Double.isFinite(gained.sum())
                        ? gained
                        : gained.toBuilder().sum(0).build());
    }

    private void add(double[] shares, FloatHistogram gained) {
        // What is yet to come decides the form of what is written at once: a reader sees each form once.
        total = bounded(total.plus(emptied(gained)));
        List<FloatHistogram> windows = new ArrayList<>(pending);
        while (windows.size() < shares.length) {
            windows.add(EMPTY);
        }
        FloatHistogram given = emptied(gained);
        for (int window = 0; window < shares.length; window++) {
            if (shares[window] > 0) {
                FloatHistogram released = part(gained, shares[window]);
                windows.set(window, bounded(windows.get(window).plus(less(released, given))));
                given = released;
            }
        }
        pending.clear();
        pending.addAll(windows);
    }

    /** Closes the next window; what it added, or null if nothing. */
    public @Nullable FloatHistogram closeWindow() {
        FloatHistogram released = pending.pollFirst();
        if (released != null) {
            total = bounded(total.plus(released)).withResetHint(FloatHistogram.ResetHint.UNKNOWN);
        }
        return released;
    }

    private static FloatHistogram part(FloatHistogram gained, double share) {
        if (share >= 1) {
            return gained;
        }
        BucketCounts positive = part(gained.positive(), share);
        BucketCounts negative = part(gained.negative(), share);
        double zeroCount = Amounts.part(gained.zeroCount(), share);
        // Observations that are no number are in the count alone.
        double unbucketed = gained.count()
                - gained.zeroCount()
                - gained.positive().total()
                - gained.negative().total();
        double count = positive.total() + negative.total() + zeroCount + Amounts.part(unbucketed, share);
        double sum = gained.sum() * (gained.count() > 0 ? count / gained.count() : share);
        return gained.toBuilder()
                .count(count)
                .sum(sum)
                .zero(gained.zeroThreshold(), zeroCount)
                .positive(positive)
                .negative(negative)
                .build();
    }

    private static BucketCounts part(BucketCounts buckets, double share) {
        int[] indexes = new int[buckets.size()];
        double[] counts = new double[indexes.length];
        for (int i = 0; i < indexes.length; i++) {
            indexes[i] = buckets.index(i);
            counts[i] = Amounts.part(buckets.count(i), share);
        }
        return BucketCounts.of(indexes, counts);
    }

    private static FloatHistogram less(FloatHistogram released, FloatHistogram given) {
        return released.minus(given).withResetHint(FloatHistogram.ResetHint.UNKNOWN);
    }

    private static FloatHistogram emptied(FloatHistogram histogram) {
        return FloatHistogram.builder()
                .schema(histogram.schema())
                .zero(histogram.zeroThreshold(), 0)
                .build();
    }

    private static FloatHistogram bounded(FloatHistogram histogram) {
        FloatHistogram compact = histogram.compacted();
        while (compact.positive().size() + compact.negative().size() > MAX_BUCKETS
                && compact.schema() > FloatHistogram.MIN_SCHEMA) {
            compact = compact.reducedTo(compact.schema() - 1);
        }
        return compact;
    }

    public void write(DataOutput out) throws IOException {
        HistogramIo.write(out, total);
        out.writeInt(pending.size());
        for (FloatHistogram window : pending) {
            HistogramIo.write(out, window);
        }
    }

    public static CumulativeNativeHistogram read(DataInput in) throws IOException {
        CumulativeNativeHistogram histogram = new CumulativeNativeHistogram();
        histogram.total = HistogramIo.read(in);
        for (int i = in.readInt(); i > 0; i--) {
            histogram.pending.addLast(HistogramIo.read(in));
        }
        return histogram;
    }
}
