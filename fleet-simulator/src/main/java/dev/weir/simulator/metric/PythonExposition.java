package dev.weir.simulator.metric;

import java.util.List;

/**
 * Python's prometheus_client. In text format 0.0.4 a counter's family is called {@code x_total} and its creation times form
 * a gauge family {@code x_created} behind it; in OpenMetrics they are samples of the family {@code x}.
 */
final class PythonExposition implements TextExposition {
    private final boolean openMetrics;

    PythonExposition(boolean openMetrics) {
        this.openMetrics = openMetrics;
    }

    @Override
    public String contentType() {
        return openMetrics
                ? "application/openmetrics-text; version=1.0.0; charset=utf-8"
                : "text/plain; version=0.0.4; charset=utf-8";
    }

    @Override
    public void write(Snapshot snapshot, StringBuilder out) {
        for (Family family : snapshot.families()) {
            boolean total = family.type() == MetricType.COUNTER && !openMetrics;
            header(out, family.name() + (total ? "_total" : ""), family.help(), family.type());
            List<Series> all = snapshot.series(family);
            for (Series series : all) {
                samples(snapshot, series, out);
                if (openMetrics && family.hasCreated()) {
                    created(series, out);
                }
            }
            if (!openMetrics && family.hasCreated() && !all.isEmpty()) {
                header(out, family.name() + "_created", family.help(), MetricType.GAUGE);
                all.forEach(series -> created(series, out));
            }
        }
        if (openMetrics) {
            out.append("# EOF\n");
        }
    }

    private void header(StringBuilder out, String name, String help, MetricType type) {
        String escaped = help.replace("\\", "\\\\").replace("\n", "\\n");
        if (openMetrics) {
            escaped = escaped.replace("\"", "\\\"");
        }
        out.append("# HELP ").append(name).append(' ').append(escaped).append('\n');
        out.append("# TYPE ").append(name).append(' ').append(type.text()).append('\n');
    }

    private static void samples(Snapshot snapshot, Series series, StringBuilder out) {
        Family family = series.family();
        LabelText labels = LabelText.sortedWithLe(series);
        switch (family.type()) {
            case COUNTER -> line(out, family.name() + "_total", labels, snapshot.value(series));
            case GAUGE -> line(out, family.name(), labels, snapshot.value(series));
            case HISTOGRAM -> {
                long seen = 0;
                double[] bounds = family.boundsShared();
                for (int i = 0; i <= bounds.length; i++) {
                    seen += snapshot.bucket(series, i);
                    out.append(family.name()).append("_bucket");
                    labels.bucket(out, i < bounds.length ? Numbers.python(bounds[i]) : "+Inf", false);
                    out.append(' ').append(Numbers.python((double) seen)).append('\n');
                }
                countAndSum(snapshot, series, labels, out);
            }
            case SUMMARY -> countAndSum(snapshot, series, labels, out);
        }
    }

    private static void countAndSum(Snapshot snapshot, Series series, LabelText labels, StringBuilder out) {
        line(out, series.family().name() + "_count", labels, (double) snapshot.count(series));
        line(out, series.family().name() + "_sum", labels, snapshot.sum(series));
    }

    private static void created(Series series, StringBuilder out) {
        double seconds = series.createdEpochMicros() / 1e6;
        line(out, series.family().name() + "_created", LabelText.sortedWithLe(series), seconds);
    }

    private static void line(StringBuilder out, String name, LabelText labels, double value) {
        out.append(name);
        labels.plain(out, false);
        out.append(' ').append(Numbers.python(value)).append('\n');
    }
}
