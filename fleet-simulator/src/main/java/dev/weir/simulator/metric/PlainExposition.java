package dev.weir.simulator.metric;

import java.util.Comparator;
import java.util.List;
import java.util.function.DoubleFunction;

/** Clients that write a family under the one name it has, without creation times: Go, Rust, and Java's simpleclient. */
final class PlainExposition implements TextExposition {
    /** What sets these clients apart besides their numbers. */
    enum Style {
        /** Families and labels sorted by name; families without series are left out. */
        GO,
        /** Labels as declared, a comma behind the last one; families without series keep their HELP and TYPE. */
        SIMPLECLIENT,
        /** Labels as declared; families without series are left out. */
        DECLARED_ORDER
    }

    private final String contentType;
    private final DoubleFunction<String> numbers;
    private final Style style;

    PlainExposition(String contentType, DoubleFunction<String> numbers, Style style) {
        this.contentType = contentType;
        this.numbers = numbers;
        this.style = style;
    }

    @Override
    public String contentType() {
        return contentType;
    }

    @Override
    public void write(Snapshot snapshot, StringBuilder out) {
        List<Family> families = snapshot.families();
        if (style == Style.GO) {
            families =
                    families.stream().sorted(Comparator.comparing(Family::name)).toList();
        }
        for (Family family : families) {
            List<Series> all = snapshot.series(family);
            if (all.isEmpty() && style != Style.SIMPLECLIENT) {
                continue;
            }
            String help = family.help().replace("\\", "\\\\").replace("\n", "\\n");
            out.append("# HELP ").append(family.name()).append(' ').append(help).append('\n');
            out.append("# TYPE ")
                    .append(family.name())
                    .append(' ')
                    .append(family.type().text())
                    .append('\n');
            all.forEach(series -> samples(snapshot, series, out));
        }
    }

    private void samples(Snapshot snapshot, Series series, StringBuilder out) {
        Family family = series.family();
        LabelText labels = LabelText.leLast(series, style == Style.GO);
        switch (family.type()) {
            case COUNTER, GAUGE -> line(out, family.name(), labels, snapshot.value(series));
            case HISTOGRAM -> {
                long seen = 0;
                double[] bounds = family.boundsShared();
                for (int i = 0; i <= bounds.length; i++) {
                    seen += snapshot.bucket(series, i);
                    out.append(family.name()).append("_bucket");
                    labels.bucket(
                            out, i < bounds.length ? numbers.apply(bounds[i]) : "+Inf", style == Style.SIMPLECLIENT);
                    out.append(' ').append(numbers.apply((double) seen)).append('\n');
                }
                sumAndCount(snapshot, series, labels, out);
            }
            case SUMMARY -> sumAndCount(snapshot, series, labels, out);
        }
    }

    private void sumAndCount(Snapshot snapshot, Series series, LabelText labels, StringBuilder out) {
        line(out, series.family().name() + "_sum", labels, snapshot.sum(series));
        line(out, series.family().name() + "_count", labels, (double) snapshot.count(series));
    }

    private void line(StringBuilder out, String name, LabelText labels, double value) {
        out.append(name);
        labels.plain(out, style == Style.SIMPLECLIENT);
        out.append(' ').append(numbers.apply(value)).append('\n');
    }
}
