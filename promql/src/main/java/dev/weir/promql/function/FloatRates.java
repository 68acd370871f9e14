package dev.weir.promql.function;

import dev.weir.promql.column.Column;
import java.util.Arrays;

/**
 * rate, increase and delta of floats, all windows of a series in one loop. What follows from the times of the samples alone
 * is computed once for all series that share them; resets are found once for a series, so that a window costs only what it
 * has of them.
 */
final class FloatRates implements FloatLoop {
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
    /** Whether every window has two floats. */
    private boolean areAllFull;

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
    @Override
    public void apply(long[] timesMs, double[] values, int count, Column result) {
        if (windows.moveTo(timesMs, count)) {
            extrapolateAll();
        }
        resetCount = 0;
        if (extrapolation.isCounter()) {
            findResets(values, count);
        }
        if (areAllFull && resetCount == 0) {
            applyWithoutResets(values, result.values());
        } else {
            applyWithResets(values, result.values());
        }
        if (areAllFull) {
            result.setFull();
        }
    }

    private void applyWithoutResets(double[] values, double[] results) {
        int[] froms = windows.froms();
        int[] tos = windows.tos();
        boolean isCounter = extrapolation.isCounter();
        for (int i = 0; i < results.length; i++) {
            double first = values[froms[i]];
            double increase = values[tos[i] - 1] - first;
            results[i] = isCounter && increase > 0 && first < 2 * increase
                    ? extrapolated(i, first, increase)
                    : increase * factors[i];
        }
    }

    private void applyWithResets(double[] values, double[] results) {
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
            results[i] = extrapolated(i, values[from], increase);
        }
    }

    private double extrapolated(int step, double first, double increase) {
        double cut = extrapolation.toStart(toStart[step], sampledSeconds[step], first, increase);
        return increase
                * (cut == toStart[step]
                        ? factors[step]
                        : extrapolation.factor(sampledSeconds[step], cut, toEnd[step], rangeMs(step)));
    }

    private void extrapolateAll() {
        areAllFull = true;
        for (int i = 0; i < factors.length; i++) {
            int from = windows.from(i);
            int last = windows.to(i) - 1;
            if (last <= from) {
                areAllFull = false;
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
