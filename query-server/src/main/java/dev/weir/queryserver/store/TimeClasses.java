package dev.weir.queryserver.store;

/** Widths in bits, ascending, in which a change of the interval between samples (ms, two's complement) is written. */
final class TimeClasses {
    private static final int[] WIDTHS = {7, 14, 20, 32, 64};

    /** How many there are; the last takes everything. */
    static final int COUNT = WIDTHS.length;

    private TimeClasses() {}

    static int width(int timeClass) {
        return WIDTHS[timeClass];
    }

    /** The bits that announce a class: a one for it and for each class before it, then a zero except in the last. */
    static int headerBits(int timeClass) {
        return Math.min(timeClass + 2, COUNT);
    }
}
