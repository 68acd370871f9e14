package dev.weir.promql.function;

/**
 * What rate, increase and delta multiply a change between samples with, so that it stands for the whole window. An edge is
 * reached if it is less than 1.1 average intervals away, else half an interval is added. A counter is not extrapolated to
 * below zero. A rate is per second.
 */
record Extrapolation(boolean isCounter, boolean isRate) {
    /** Seconds from a sample to the edge of the window, or as far as is believed. */
    static double toEdge(long gapMs, double averageSeconds) {
        double gap = gapMs / 1000.0;
        return gap >= averageSeconds * 1.1 ? averageSeconds / 2 : gap;
    }

    /** Seconds to the start of the window, or to where a counter was zero if that comes first. */
    double toStart(double toStart, double sampledSeconds, double first, double increase) {
        // A counter that had twice its increase already was zero long before.
        if (!isCounter || !(increase > 0) || !(first >= 0) || first >= 2 * increase) {
            return toStart;
        }
        double toZero = sampledSeconds * (first / increase);
        return toZero < toStart ? toZero : toStart;
    }

    double factor(double sampledSeconds, double toStart, double toEnd, long rangeMs) {
        double factor = (sampledSeconds + toStart + toEnd) / sampledSeconds;
        return isRate ? factor / (rangeMs / 1000.0) : factor;
    }
}
