package dev.weir.promql.function;

import dev.weir.promql.column.Column;
import java.util.Arrays;

/**
 * rate, increase and delta of floats, all windows of a series in one loop. What follows from the times of the samples alone
 * is computed once for all series that share them; resets are found once for a series, so that a window costs only what it
 * has of them.
 */
final class FloatRates {
    private final Extrapolation extrapolation;
    private final FloatWindows windows;
    private final StepWindows steps;
    private final double[] sampledSeconds;
    private final double[] toStart;
    private final double[] toEnd;
    /** Of windows that are not cut where the counter was zero. */
    private final double[] factors;
    /** Positions of floats that are less than the one before. */
    private int[] resets = new int[16];

    private int resetCount;

    FloatRates(Extrapolation extrapolation, StepWindows steps) {
        this.extrapolation = extrapolation;
        this.windows = new FloatWindows(steps);
        this.steps = steps;
        this.sampledSeconds = new double[steps.count()];
        this.toStart = new double[steps.count()];
        this.toEnd = new double[steps.count()];
        this.factors = new double[steps.count()];
    }

    /** Of what is kept for each step. */
    static long sizeInSamples(int steps) {
        return 3L * steps;
    }

    /** Sets the value of every window with two floats or more. */
    void apply(long[] timesMs, double[] values, int count, Column result) {
        if (windows.moveTo(timesMs, count)) {
            extrapolateAll();
        }
        resetCount = 0;
        if (extrapolation.isCounter()) {
            findResets(values, count);
        }
        double[] results = result.values();
        int firstReset = 0;
        for (int i = 0; i < results.length; i++) {
            int from = windows.from(i);
            int to = windows.to(i);
            if (to - from < 2) {
                continue;
            }
            double increase = values[to - 1] - values[from];
            while (firstReset < resetCount && resets[firstReset] <= from) {
                firstReset++;
            }
            for (int r = firstReset; r < resetCount && resets[r] < to; r++) {
                increase += values[resets[r] - 1];
            }
            double cut = extrapolation.toStart(toStart[i], sampledSeconds[i], values[from], increase);
            double factor =
                    cut == toStart[i] ? factors[i] : extrapolation.factor(sampledSeconds[i], cut, toEnd[i], rangeMs(i));
            results[i] = increase * factor;
        }
    }

    private void extrapolateAll() {
        for (int i = 0; i < factors.length; i++) {
            int from = windows.from(i);
            int last = windows.to(i) - 1;
            if (last <= from) {
                continue;
            }
            long firstMs = windows.timeMs(from);
            long lastMs = windows.timeMs(last);
            sampledSeconds[i] = (lastMs - firstMs) / 1000.0;
            double average = sampledSeconds[i] / (last - from);
            toStart[i] = Extrapolation.toEdge(firstMs - steps.startMs(i), average);
            toEnd[i] = Extrapolation.toEdge(steps.endMs(i) - lastMs, average);
            factors[i] = extrapolation.factor(sampledSeconds[i], toStart[i], toEnd[i], rangeMs(i));
        }
    }

    private void findResets(double[] values, int count) {
        for (int i = 1; i < count; i++) {
            if (values[i] < values[i - 1]) {
                if (resetCount == resets.length) {
                    resets = Arrays.copyOf(resets, resetCount * 2);
                }
                resets[resetCount++] = i;
            }
        }
    }

    private long rangeMs(int step) {
        return steps.endMs(step) - steps.startMs(step);
    }
}
