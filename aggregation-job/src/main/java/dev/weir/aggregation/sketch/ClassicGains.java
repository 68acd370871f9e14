package dev.weir.aggregation.sketch;

import dev.weir.aggregation.release.BucketLayout;
import dev.weir.aggregation.release.CumulativeSeries;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
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

    /** What was gained since the last call, or null if nothing was. */
    public @Nullable Distribution drain(CumulativeSeries histogram) {
        BucketLayout present = histogram.layout();
        if (present == null) {
            return null;
        }
        double[] former = fit(present);
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

    private double[] fit(BucketLayout present) {
        BucketLayout known = layout;
        if (known == null) {
            return new double[present.size()];
        }
        return known.sameBounds(present) ? told : known.split(told, present);
    }

    public void write(DataOutput out) throws IOException {
        BucketLayout known = layout;
        out.writeBoolean(known != null);
        if (known != null) {
            known.write(out);
            for (double count : told) {
                out.writeDouble(count);
            }
        }
        out.writeDouble(toldSum);
    }

    public static ClassicGains read(DataInput in) throws IOException {
        ClassicGains gains = new ClassicGains();
        if (in.readBoolean()) {
            BucketLayout known = BucketLayout.read(in);
            gains.layout = known;
            gains.told = new double[known.size()];
            for (int i = 0; i < gains.told.length; i++) {
                gains.told[i] = in.readDouble();
            }
        }
        gains.toldSum = in.readDouble();
        return gains;
    }
}
