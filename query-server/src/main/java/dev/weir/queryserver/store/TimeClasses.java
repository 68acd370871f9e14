package dev.weir.queryserver.store;

/** Widths in bits, ascending, in which a change of the interval between samples (ms, two's complement) is written. */
final class TimeClasses {
    private static final int[] WIDTHS = {7, 14, 20, 32};
    static final int COUNT = WIDTHS.length;

    private TimeClasses() {}

    static int width(int timeClass) {
        return WIDTHS[timeClass];
    }
}
