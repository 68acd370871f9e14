package dev.weir.e2e.churn;

import java.util.Arrays;
import java.util.Locale;
import java.util.function.LongToDoubleFunction;

/** How much something grew in the ten minutes before each window end of a run. */
final class Increases {
    static final long RANGE_MS = 600_000;
    static final long WINDOW_MS = 5_000;
    /** Two minutes in which everything is scraped for the first time, and a range. */
    static final long FIRST_END_MS = 120_000 + RANGE_MS;

    private final double[] values;

    private Increases(double[] values) {
        this.values = values;
    }

    /** Of what counts up, by ms since the run began, until the run ends. */
    static Increases of(LongToDoubleFunction counted, long runMs) {
        return ofValues(end -> counted.applyAsDouble(end) - counted.applyAsDouble(end - RANGE_MS), runMs);
    }

    /** As told for each window's end, by ms since the run began. */
    static Increases ofValues(LongToDoubleFunction increase, long runMs) {
        double[] values = new double[(int) ((runMs - FIRST_END_MS) / WINDOW_MS) + 1];
        for (int i = 0; i < values.length; i++) {
            values[i] = increase.applyAsDouble(FIRST_END_MS + i * WINDOW_MS);
        }
        return new Increases(values);
    }

    /** The errors of these, in percent of {@code right}. */
    Errors against(Increases right) {
        double[] errors = new double[values.length];
        for (int i = 0; i < errors.length; i++) {
            errors[i] = 100 * (values[i] - right.values[i]) / right.values[i];
        }
        double mean = Arrays.stream(errors).average().orElse(Double.NaN);
        double worst =
                Arrays.stream(errors).boxed().reduce(0.0, (a, b) -> Math.abs(b) > Math.abs(a) || b.isNaN() ? b : a);
        return new Errors(mean, worst);
    }

    /** In percent. */
    record Errors(double mean, double worst) {
        /** The mean and the worst, with their signs. */
        @Override
        public String toString() {
            return percent(mean) + " / " + percent(worst);
        }

        private static String percent(double value) {
            String text = String.format(Locale.ROOT, Math.abs(value) < 9.995 ? "%+.2f" : "%+.1f", value);
            return text.matches("[+-]0\\.00") ? "0.00" : text;
        }
    }
}
