package dev.weir.benchmarks.sidebyside;

import java.util.Arrays;

/**
 * How long one server took for one query.
 *
 * @param nanos of each measured run, not copied
 * @param firstNanos the very first time it was asked
 * @param cpuMillis per query, of all threads of the server
 */
@SuppressWarnings("ArrayRecordComponent")
record Measurement(Server server, long[] nanos, long firstNanos, double cpuMillis, Answer answer) {
    double medianMillis() {
        return quantileMillis(0.5);
    }

    double quantileMillis(double q) {
        long[] sorted = nanos.clone();
        Arrays.sort(sorted);
        return sorted[(int) Math.round(q * (sorted.length - 1))] / 1e6;
    }

    double firstMillis() {
        return firstNanos / 1e6;
    }
}
