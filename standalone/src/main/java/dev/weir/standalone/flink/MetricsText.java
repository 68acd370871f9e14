package dev.weir.standalone.flink;

import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.Histogram;
import org.apache.flink.metrics.HistogramStatistics;
import org.apache.flink.metrics.Meter;
import org.apache.flink.metrics.Metric;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Flink's metrics as Prometheus' text format 0.0.4, sorted by name. */
final class MetricsText {
    private static final Logger LOG = LoggerFactory.getLogger(MetricsText.class);
    private static final double[] QUANTILES = {0.5, 0.95, 0.99};

    private MetricsText() {}

    /**
     * What stands before a value.
     *
     * @param labels name="value" pairs, comma-separated, without braces
     */
    record Head(String name, String labels) {}

    /** Lines of one metric name. */
    private static final class Family {
        private final String type;
        private final StringBuilder lines = new StringBuilder();

        Family(String type) {
            this.type = type;
        }
    }

    static String render(Map<Metric, Head> metrics) {
        Map<String, Family> families = new TreeMap<>();
        metrics.forEach((metric, head) -> {
            String type = typeOf(metric);
            Family family = families.computeIfAbsent(head.name(), name -> new Family(type));
            if (family.type.equals(type)) {
                append(family.lines, metric, head);
            }
        });
        StringBuilder text = new StringBuilder();
        families.forEach((name, family) -> {
            if (family.lines.length() > 0) {
                text.append("# TYPE ")
                        .append(name)
                        .append(' ')
                        .append(family.type)
                        .append('\n');
                text.append(family.lines);
            }
        });
        return text.toString();
    }

    static String validName(String name) {
        return name.replaceAll("[^a-zA-Z0-9_]", "_");
    }

    static String labels(Map<String, String> labels) {
        StringBuilder text = new StringBuilder();
        labels.forEach((name, value) -> text.append(text.length() == 0 ? "" : ",")
                .append(name)
                .append("=\"")
                // Flink's variables may hold control characters, which terminals would not show.
                .append(value.replaceAll("\\p{Cntrl}", " ")
                        .replace("\\", "\\\\")
                        .replace("\"", "\\\""))
                .append('"'));
        return text.toString();
    }

    private static String typeOf(Metric metric) {
        if (metric instanceof Counter) {
            return "counter";
        }
        return metric instanceof Histogram ? "summary" : "gauge";
    }

    private static void append(StringBuilder lines, Metric metric, Head head) {
        try {
            if (metric instanceof Counter counter) {
                line(lines, head.name(), head.labels(), (double) counter.getCount());
            } else if (metric instanceof Meter meter) {
                line(lines, head.name(), head.labels(), meter.getRate());
            } else if (metric instanceof Histogram histogram) {
                appendSummary(lines, histogram, head);
            } else if (metric instanceof Gauge<?> gauge) {
                appendGauge(lines, gauge.getValue(), head);
            }
        } catch (RuntimeException e) {
            // A gauge reads the state of a task, which may be going away at this moment.
            LOG.debug("{}: no value: {}", head.name(), e.toString());
        }
    }

    private static void appendGauge(StringBuilder lines, Object value, Head head) {
        if (value instanceof Number number) {
            line(lines, head.name(), head.labels(), number.doubleValue());
        } else if (value instanceof Boolean truth) {
            line(lines, head.name(), head.labels(), truth ? 1 : 0);
        }
    }

    private static void appendSummary(StringBuilder lines, Histogram histogram, Head head) {
        HistogramStatistics statistics = histogram.getStatistics();
        String before = head.labels().isEmpty() ? "" : head.labels() + ",";
        for (double quantile : QUANTILES) {
            line(lines, head.name(), before + "quantile=\"" + quantile + "\"", statistics.getQuantile(quantile));
        }
        line(lines, head.name() + "_count", head.labels(), (double) histogram.getCount());
    }

    private static void line(StringBuilder lines, String name, String labels, double value) {
        lines.append(name);
        if (!labels.isEmpty()) {
            lines.append('{').append(labels).append('}');
        }
        String number = Double.isInfinite(value) ? (value > 0 ? "+Inf" : "-Inf") : Double.toString(value);
        lines.append(' ').append(number).append('\n');
    }
}
