package dev.weir.series;

/**
 * The value that ends a series: the NaN with bits {@code 0x7ff0000000000002}, as Prometheus writes it. Compared by raw
 * bits only, since every other NaN is an ordinary value.
 */
public final class StaleMarker {
    public static final long BITS = 0x7ff0000000000002L;
    public static final double VALUE = Double.longBitsToDouble(BITS);

    private StaleMarker() {}

    public static boolean isStale(double value) {
        return Double.doubleToRawLongBits(value) == BITS;
    }
}
