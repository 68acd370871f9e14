package dev.weir.queryserver.telemetry;

import java.util.Locale;

/** Collects metrics in the Prometheus text format, version 0.0.4. Not thread-safe. */
final class MetricsText {
    private final StringBuilder text = new StringBuilder(4096);

    MetricsText family(String name, String type, String help) {
        text.append("# HELP ").append(name).append(' ').append(help).append('\n');
        text.append("# TYPE ").append(name).append(' ').append(type).append('\n');
        return this;
    }

    MetricsText sample(String name, Number value) {
        text.append(name).append(' ').append(number(value.doubleValue())).append('\n');
        return this;
    }

    /** @param namesAndValues the labels, name and value in turn */
    MetricsText sample(String name, Number value, String... namesAndValues) {
        text.append(name).append('{');
        for (int i = 0; i < namesAndValues.length; i += 2) {
            text.append(i == 0 ? "" : ",").append(namesAndValues[i]).append("=\"");
            text.append(namesAndValues[i + 1]
                    .replace("\\", "\\\\")
                    .replace("\"", "\\\"")
                    .replace("\n", "\\n"));
            text.append('"');
        }
        text.append("} ").append(number(value.doubleValue())).append('\n');
        return this;
    }

    MetricsText counter(String name, String help, Number value) {
        return family(name, "counter", help).sample(name, value);
    }

    MetricsText gauge(String name, String help, Number value) {
        return family(name, "gauge", help).sample(name, value);
    }

    @Override
    public String toString() {
        return text.toString();
    }

    private static String number(double value) {
        if (value == Math.rint(value) && Math.abs(value) < 1e15) {
            return String.format(Locale.ROOT, "%d", (long) value);
        }
        return Double.isInfinite(value) ? (value > 0 ? "+Inf" : "-Inf") : Double.toString(value);
    }
}
