package dev.weir.exposition;

import dev.weir.series.FloatHistogram;
import dev.weir.series.HistogramBuckets;
import dev.weir.series.Labels;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/**
 * A page as text for people: counters, gauges, histograms, native histograms, summaries, vectors and the rest, each in its section, values
 * in columns. Never fails on a page that was parsed; control characters of labels are shown escaped, so that no page
 * can write to a terminal what it likes.
 */
public final class SnapshotPrinter {
    private static final String INDENT = "  ";
    private static final int MAX_WIDTH = 120;

    private final String prefix;
    private final TextTable counters = new TextTable("value", "since");
    private final TextTable gauges = new TextTable("value");
    private final TextTable histograms = new TextTable("count", "sum", "mean", "since");
    private final TextTable natives = new TextTable("count", "sum", "mean", "schema", "since");
    private final TextTable summaries = new TextTable("count", "sum", "since");
    private final TextTable vectors = new TextTable("values by position");
    private final TextTable others = new TextTable("type", "value");
    private int families;

    private SnapshotPrinter(String prefix) {
        this.prefix = prefix;
    }

    /** The whole page. */
    public static String render(Exposition page) {
        return render(page, "");
    }

    /** The families whose name begins with {@code prefix}. */
    public static String render(Exposition page, String prefix) {
        StringBuilder text = new StringBuilder();
        try {
            print(page, prefix, text);
        } catch (IOException e) {
            throw new IllegalStateException("a StringBuilder does no I/O", e);
        }
        return text.toString();
    }

    /** Appends the families whose name begins with {@code prefix} to {@code out}. */
    public static void print(Exposition page, String prefix, Appendable out) throws IOException {
        Assembly assembly = SeriesAssembler.assemble(page);
        SnapshotPrinter printer = new SnapshotPrinter(prefix);
        assembly.families().forEach(printer::add);
        printer.append(out);
        out.append(String.valueOf(printer.families)).append(" families, ");
        out.append(String.valueOf(page.sampleCount())).append(" samples in the page");
        if (assembly.duplicateSamples() > 0) {
            out.append(", ").append(String.valueOf(assembly.duplicateSamples())).append(" duplicates left out");
        }
        if (assembly.malformedSamples() > 0) {
            out.append(", ")
                    .append(String.valueOf(assembly.malformedSamples()))
                    .append(" of histograms or summaries that make no whole");
        }
        out.append("\n");
    }

    private void append(Appendable out) throws IOException {
        appendSection(out, "COUNTERS", counters);
        appendSection(out, "GAUGES", gauges);
        appendSection(out, "HISTOGRAMS", histograms);
        appendSection(out, "NATIVE HISTOGRAMS", natives);
        appendSection(out, "SUMMARIES", summaries);
        appendSection(out, "VECTORS", vectors);
        appendSection(out, "OTHERS", others);
    }

    private static void appendSection(Appendable out, String title, TextTable table) throws IOException {
        if (table.rowCount() > 0) {
            out.append(title)
                    .append(" (")
                    .append(String.valueOf(table.rowCount()))
                    .append(")\n");
            table.append(out, INDENT);
            out.append("\n");
        }
    }

    private void add(AssembledFamily family) {
        if (!family.name().startsWith(prefix)) {
            return;
        }
        families++;
        if (Snapshot.isVector(family)) {
            try {
                for (Vector vector : Snapshot.toVectors(family)) {
                    vectors.addRow(title(vector.name(), vector.labels()), join(vector.values()));
                }
                return;
            } catch (SnapshotException e) {
                // No vector after all: its points are shown as the counters that they are.
            }
        }
        for (AssembledSeries series : family.series()) {
            if (series instanceof HistogramSeries histogram) {
                addHistogram(histogram);
            } else if (series instanceof NativeHistogramSeries histogram) {
                addNative(histogram);
            } else if (series instanceof SummarySeries summary) {
                addSummary(summary);
            } else if (series instanceof PointSeries point) {
                addPoint(point);
            }
        }
    }

    private void addPoint(PointSeries point) {
        String value = number(point.value());
        switch (point.type()) {
            case COUNTER ->
                counters.addRow(title(Snapshot.counterName(point.name()), point.labels()), value, since(point));
            case GAUGE -> gauges.addRow(title(point.name(), point.labels()), value);
            default ->
                others.addRow(title(point.name(), point.labels()), point.type().word(), value);
        }
    }

    private void addHistogram(HistogramSeries series) {
        String title = title(series.name(), series.labels()) + (series.gauge() ? " (gauge)" : "");
        double mean = series.count() > 0 ? series.sum() / series.count() : Double.NaN;
        histograms.addRow(title, number(series.count()), number(series.sum()), brief(mean), since(series));
        String[] counts = new String[series.le().length];
        for (int i = 0; i < counts.length; i++) {
            counts[i] = number(series.cumulativeCounts()[i]);
        }
        histograms.addDetails(pairs("le", series.le(), "<=", counts));
    }

    private void addNative(NativeHistogramSeries series) {
        FloatHistogram histogram = series.histogram();
        double mean = histogram.count() > 0 ? histogram.sum() / histogram.count() : Double.NaN;
        natives.addRow(
                title(series.name(), series.labels()) + (series.gauge() ? " (gauge)" : ""),
                number(histogram.count()),
                number(histogram.sum()),
                brief(mean),
                Integer.toString(histogram.schema()),
                since(series));
        List<String> ranges = new ArrayList<>();
        List<String> counts = new ArrayList<>();
        for (HistogramBuckets.Bucket bucket : new HistogramBuckets(histogram)) {
            ranges.add((bucket.includesLower() ? "[" : "(") + brief(bucket.lower()) + "," + brief(bucket.upper())
                    + (bucket.includesUpper() ? "]" : ")"));
            counts.add(number(bucket.count()));
        }
        natives.addDetails(pairs("bucket", ranges.toArray(String[]::new), "count", counts.toArray(String[]::new)));
    }

    private void addSummary(SummarySeries series) {
        summaries.addRow(
                title(series.name(), series.labels()), number(series.count()), number(series.sum()), since(series));
        String[] values = new String[series.quantiles().length];
        for (int i = 0; i < values.length; i++) {
            values[i] = number(series.values()[i]);
        }
        summaries.addDetails(pairs("quantile", series.quantileTexts(), "value", values));
    }

    /** Two lines of aligned columns, as often as the width asks for. */
    private static List<String> pairs(String head, String[] keys, String valueHead, String[] values) {
        List<String> lines = new ArrayList<>();
        int headWidth = Math.max(head.length(), valueHead.length());
        int i = 0;
        while (i < keys.length) {
            StringBuilder upper = new StringBuilder(TextTable.padRight(head, headWidth));
            StringBuilder lower = new StringBuilder(TextTable.padRight(valueHead, headWidth));
            do {
                String key = printable(keys[i]);
                int width = Math.max(key.length(), values[i].length()) + 2;
                upper.append(TextTable.padLeft(key, width));
                lower.append(TextTable.padLeft(values[i], width));
                i++;
            } while (i < keys.length && upper.length() < MAX_WIDTH);
            lines.add(upper.toString());
            lines.add(lower.toString());
        }
        return lines;
    }

    private static String title(String name, Labels labels) {
        return printable(labels.isEmpty() ? name : name + labels);
    }

    /** To the second, since a start time says no more to people. */
    private static String since(AssembledSeries series) {
        return series.createdMs() == Sample.NO_TIMESTAMP
                ? ""
                : Instant.ofEpochMilli(series.createdMs())
                        .truncatedTo(ChronoUnit.SECONDS)
                        .toString();
    }

    private static String join(List<Long> values) {
        StringBuilder text = new StringBuilder();
        values.forEach(value -> text.append(text.isEmpty() ? "" : " ").append(value));
        return text.toString();
    }

    /** Without exponent, unless that would be long. */
    static String number(double value) {
        double magnitude = Math.abs(value);
        if (value == Math.rint(value) && magnitude < 1e15) {
            return Long.toString((long) value);
        }
        if (Double.isInfinite(value)) {
            return value > 0 ? "+Inf" : "-Inf";
        }
        return magnitude >= 1e-5 && magnitude < 1e15
                ? new BigDecimal(Double.toString(value)).toPlainString()
                : Double.toString(value);
    }

    /** To six significant digits. */
    private static String brief(double value) {
        return Double.isNaN(value) ? "-" : number(Double.parseDouble(String.format("%.6g", value)));
    }

    private static String printable(String text) {
        StringBuilder plain = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isISOControl(c) || Character.getType(c) == Character.FORMAT) {
                plain.append(String.format("\\u%04x", (int) c));
            } else {
                plain.append(c);
            }
        }
        return plain.toString();
    }
}
