package dev.weir.promql.script;

import dev.weir.promql.parser.NumberText;
import dev.weir.series.BucketCounts;
import dev.weir.series.FloatHistogram;
import dev.weir.series.FloatHistogram.ResetHint;
import dev.weir.series.Labels;
import dev.weir.series.StaleMarker;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One line of a script that writes a series: {@code metric{a="b"} 1+2x3 _ stale {{count:2 buckets:[1 1]}}}. */
final class SeriesNotation {
    private static final String NUMBER = "(?:[0-9]+\\.?[0-9]*|\\.[0-9]+)(?:[eE][+-]?[0-9]+)?|[iI]nf|INF|[nN]a[nN]|NAN";
    private static final Pattern NAME = Pattern.compile("[a-zA-Z_:][a-zA-Z0-9_:]*");
    private static final Pattern GAP = Pattern.compile("_(?:x([0-9]+))?(?=\\s|$)");
    private static final Pattern STALE = Pattern.compile("stale(?:x([0-9]+))?(?=\\s|$)");
    private static final Pattern FLOAT =
            Pattern.compile("([+-]?(?:" + NUMBER + "))(?:([+-](?:" + NUMBER + "))?x([0-9]+))?(?=\\s|$)");
    private static final Pattern TIMES = Pattern.compile("x([0-9]+)");
    private static final Pattern HISTOGRAM_PART = Pattern.compile("([a-z_]+):(\\[[^\\]]*\\]|\\S+)");

    private final String text;
    private int position;

    SeriesNotation(String text) {
        this.text = text;
    }

    /** A series: labels, and values of which null is a gap, a Double a float, a FloatHistogram a histogram. */
    record Series(Labels labels, List<@Nullable Object> values) {}

    Series parse() {
        Labels labels = labels();
        List<@Nullable Object> values = new ArrayList<>();
        skipSpace();
        while (position < text.length()) {
            item(values);
            skipSpace();
        }
        return new Series(labels, values);
    }

    private Labels labels() {
        Labels.Builder labels = Labels.builder();
        Matcher name = at(NAME);
        if (name.lookingAt()) {
            labels.set(Labels.METRIC_NAME, name.group());
            position = name.end();
        }
        if (position < text.length() && text.charAt(position) == '{' && !text.startsWith("{{", position)) {
            position++;
            skipSpaceAndCommas();
            while (text.charAt(position) != '}') {
                label(labels);
                skipSpaceAndCommas();
            }
            position++;
        }
        return labels.build();
    }

    private void label(Labels.Builder labels) {
        char first = text.charAt(position);
        String name;
        if (first == '"' || first == '\'' || first == '`') {
            name = string();
        } else {
            Matcher plain = at(NAME);
            if (!plain.lookingAt()) {
                throw new IllegalArgumentException("no label at " + position + " in " + text);
            }
            name = plain.group();
            position = plain.end();
        }
        skipSpace();
        if (text.charAt(position) != '=') {
            labels.set(Labels.METRIC_NAME, name);
            return;
        }
        position++;
        skipSpace();
        labels.set(name, string());
    }

    private String string() {
        char quote = text.charAt(position);
        StringBuilder value = new StringBuilder();
        int i = position + 1;
        while (text.charAt(i) != quote) {
            char c = text.charAt(i++);
            if (c != '\\' || quote == '`') {
                value.append(c);
                continue;
            }
            char escape = text.charAt(i++);
            switch (escape) {
                case 'n' -> value.append('\n');
                case 't' -> value.append('\t');
                case 'x' -> {
                    value.append((char) Integer.parseInt(text.substring(i, i + 2), 16));
                    i += 2;
                }
                default -> value.append(escape);
            }
        }
        position = i + 1;
        return value.toString();
    }

    private void item(List<@Nullable Object> values) {
        if (text.startsWith("{{", position)) {
            histograms(values);
            return;
        }
        Matcher gap = at(GAP);
        if (gap.lookingAt()) {
            for (int i = count(gap.group(1), 1); i > 0; i--) {
                values.add(null);
            }
            position = gap.end();
            return;
        }
        Matcher stale = at(STALE);
        if (stale.lookingAt()) {
            for (int i = count(stale.group(1), 0); i >= 0; i--) {
                values.add(StaleMarker.VALUE);
            }
            position = stale.end();
            return;
        }
        Matcher number = at(FLOAT);
        if (!number.lookingAt()) {
            throw new IllegalArgumentException("no value at " + position + " in " + text);
        }
        double value = NumberText.parseNumber(number.group(1));
        double step = number.group(2) == null ? 0 : NumberText.parseNumber(number.group(2));
        for (int i = count(number.group(3), 0); i >= 0; i--) {
            values.add(value);
            value = number.group(2) == null ? value : value + step;
        }
        position = number.end();
    }

    private void histograms(List<@Nullable Object> values) {
        FloatHistogram current = histogram();
        FloatHistogram increment = null;
        boolean adds = text.startsWith("+{{", position);
        if (adds || text.startsWith("-{{", position)) {
            position++;
            increment = histogram();
        }
        values.add(current);
        Matcher times = at(TIMES);
        if (times.lookingAt()) {
            position = times.end();
            for (int i = Integer.parseInt(times.group(1)); i > 0; i--) {
                if (increment != null) {
                    current = (adds ? current.plus(increment) : current.minus(increment))
                            .withResetHint(current.resetHint());
                }
                values.add(current);
            }
        }
    }

    private FloatHistogram histogram() {
        int end = text.indexOf("}}", position);
        Map<String, String> parts = new HashMap<>();
        Matcher part = HISTOGRAM_PART.matcher(text.substring(position + 2, end));
        while (part.find()) {
            parts.put(part.group(1), part.group(2));
        }
        position = end + 2;
        FloatHistogram.Builder histogram = FloatHistogram.builder()
                .count(number(parts, "count"))
                .sum(number(parts, "sum"))
                .zero(number(parts, "z_bucket_w"), number(parts, "z_bucket"))
                .resetHint(ResetHint.valueOf(
                        parts.getOrDefault("counter_reset_hint", "unknown").toUpperCase(Locale.ROOT)))
                .positive(BucketCounts.adjacent((int) number(parts, "offset"), numbers(parts, "buckets")))
                .negative(BucketCounts.adjacent((int) number(parts, "n_offset"), numbers(parts, "n_buckets")));
        int schema = (int) number(parts, "schema");
        return (schema == FloatHistogram.CUSTOM_SCHEMA
                        ? histogram.customBounds(numbers(parts, "custom_values"))
                        : histogram.schema(schema))
                .build();
    }

    private static double number(Map<String, String> parts, String key) {
        return NumberText.parseNumber(parts.getOrDefault(key, "0"));
    }

    private static double[] numbers(Map<String, String> parts, String key) {
        String list = parts.getOrDefault(key, "[]");
        String inner = list.substring(1, list.length() - 1).trim();
        return inner.isEmpty()
                ? new double[0]
                : Arrays.stream(inner.split("\\s+"))
                        .mapToDouble(NumberText::parseNumber)
                        .toArray();
    }

    private static int count(@Nullable String digits, int otherwise) {
        return digits == null ? otherwise : Integer.parseInt(digits);
    }

    private Matcher at(Pattern pattern) {
        return pattern.matcher(text).region(position, text.length());
    }

    private void skipSpace() {
        while (position < text.length() && Character.isWhitespace(text.charAt(position))) {
            position++;
        }
    }

    private void skipSpaceAndCommas() {
        while (Character.isWhitespace(text.charAt(position)) || text.charAt(position) == ',') {
            position++;
        }
    }
}
