package dev.weir.aggregation.sketch;

import dev.weir.aggregation.release.BucketLayout;
import dev.weir.aggregation.release.CumulativeSeries;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a classic histogram of a group gained in each window, as a {@link Distribution}: split once a window, whatever the
 * number of scrapes. Where the histogram is given finer bounds, what it held is split as the histogram itself splits it; a unit
 * that this moves to another bucket is made up for later, so that the gains always come to what the histogram holds.
 */
public final class ClassicGains {
    private @Nullable BucketLayout layout;
    /** What the gains so far come to, per single bucket. */
    private double[] told = {};

    private double toldSum;

    /** Gains of the window that closes that are not to be told. */
    private final List<Known> known = new ArrayList<>();

    @SuppressWarnings("ArrayRecordComponent") // Gone when the window is closed; neither changed nor compared.
    private record Known(BucketLayout layout, double[] amounts) {}

    /**
     * Leaves out of the next {@link #drain} what is known otherwise.
     *
     * @param amounts per single bucket of the layout, with the sum at the end
     */
    void leaveOut(BucketLayout of, double[] amounts) {
        known.add(new Known(of, amounts));
    }

    /** What was gained since the last call, or null if nothing was. */
    public @Nullable Distribution drain(CumulativeSeries histogram) {
        BucketLayout present = histogram.layout();
        if (present == null) {
            return null;
        }
        double[] former = fit(present);
        leaveOutKnown(present, former, histogram.hasSum());
        double[] bounds = new double[present.size()];
        double[] gained = new double[present.size()];
        boolean gains = false;
        for (int i = 0; i < gained.length; i++) {
            bounds[i] = present.upperBound(i);
            double more = histogram.total(i) - former[i];
            if (more > 0) {
                gained[i] = more;
                former[i] = histogram.total(i);
                gains = true;
            }
        }
        layout = present;
        told = former;
        if (!gains) {
            return null;
        }
        Distribution distribution = new Distribution();
        distribution.addClassic(bounds, gained, histogram.hasSum() ? histogram.sum() - toldSum : Double.NaN);
        toldSum = histogram.sum();
        return distribution;
    }

    private void leaveOutKnown(BucketLayout present, double[] former, boolean hasSum) {
        for (Known one : known) {
            double[] counts = Arrays.copyOf(one.amounts(), one.layout().size());
            double[] fitting = one.layout().sameBounds(present)
                    ? counts
                    : present.union(one.layout()).sameBounds(present)
                            ? one.layout().split(counts, present)
                            : one.layout().coarsen(counts, present);
            for (int i = 0; i < former.length; i++) {
                former[i] += fitting[i];
            }
            toldSum += hasSum ? one.amounts()[counts.length] : 0;
        }
        known.clear();
    }

    private double[] fit(BucketLayout present) {
        BucketLayout former = layout;
        if (former == null) {
            return new double[present.size()];
        }
        return former.sameBounds(present) ? told : former.split(told, present);
    }

    public void write(DataOutput out) throws IOException {
        BucketLayout present = layout;
        out.writeBoolean(present != null);
        if (present != null) {
            present.write(out);
            for (double count : told) {
                out.writeDouble(count);
            }
        }
        out.writeDouble(toldSum);
    }

    public static ClassicGains read(DataInput in) throws IOException {
        ClassicGains gains = new ClassicGains();
        if (in.readBoolean()) {
            BucketLayout present = BucketLayout.read(in);
            gains.layout = present;
            gains.told = new double[present.size()];
            for (int i = 0; i < gains.told.length; i++) {
                gains.told[i] = in.readDouble();
            }
        }
        gains.toldSum = in.readDouble();
        return gains;
    }
}
