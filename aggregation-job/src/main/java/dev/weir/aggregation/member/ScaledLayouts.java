package dev.weir.aggregation.member;

import dev.weir.aggregation.release.BucketLayout;
import dev.weir.series.FloatText;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;

/** Layouts in other units. Remembers them, since a series keeps its layout. */
public final class ScaledLayouts {
    /** Beyond it all are forgotten and made anew. */
    private static final int MAX_LAYOUTS = 1_000;

    private final Map<Double, Map<BucketLayout, BucketLayout>> known = new HashMap<>();

    BucketLayout of(BucketLayout from, double scale) {
        Map<BucketLayout, BucketLayout> scaled = known.computeIfAbsent(scale, key -> new IdentityHashMap<>());
        if (scaled.size() >= MAX_LAYOUTS) {
            scaled.clear();
        }
        return scaled.computeIfAbsent(from, layout -> scaled(layout, scale));
    }

    /** Exact in decimals: 0.3 s are 300000000 ns. */
    private static BucketLayout scaled(BucketLayout from, double scale) {
        double[] bounds = new double[from.size()];
        String[] le = new String[bounds.length];
        BigDecimal factor = new BigDecimal(Double.toString(scale));
        for (int i = 0; i < bounds.length; i++) {
            double bound = from.upperBound(i);
            bounds[i] = scale == 1 || Double.isInfinite(bound)
                    ? bound
                    : new BigDecimal(Double.toString(bound)).multiply(factor).doubleValue();
            le[i] = FloatText.general(bounds[i]);
        }
        return new BucketLayout(bounds, le);
    }
}
