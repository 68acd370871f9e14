package dev.weir.promql.generator;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Selectors, their durations and their modifiers. */
final class Selectors {
    private final Dice dice;
    private final Vocabulary vocabulary;

    Selectors(Dice dice, Vocabulary vocabulary) {
        this.dice = dice;
        this.vocabulary = vocabulary;
    }

    String vector(Flavor flavor) {
        return series(flavor) + dice.maybe(20, this::modifiers);
    }

    String matrix(Flavor flavor) {
        return series(flavor) + "[" + duration() + "]" + dice.maybe(20, this::modifiers);
    }

    /** Brackets and modifiers that turn a vector into a matrix. */
    String subquery() {
        return "[" + duration() + ":" + dice.maybe(70, this::shortDuration) + "]" + dice.maybe(20, this::modifiers);
    }

    /** A label's name as it stands in a grouping. */
    String label() {
        return quotedIfOdd(dice.pick(labels()));
    }

    /** A label's bare name. */
    String labelName() {
        return dice.pick(labels());
    }

    /** A matcher of label values, without a name before it. */
    String matchers() {
        List<String> matchers = new ArrayList<>();
        for (int i = 1 + dice.below(2); i > 0; i--) {
            matchers.add(matcher());
        }
        return "{" + String.join(", ", matchers) + "}";
    }

    String duration() {
        return dice.chance(12)
                ? computedDuration()
                : dice.pick("30s", "1m", "90s", "2m", "3m20s", "5m", "5m", "10m", "300", "450.5", "20m", "0x78", "1e2");
    }

    private String shortDuration() {
        return dice.chance(10)
                ? "(" + computedDuration() + ") / 4"
                : dice.pick("10s", "15s", "30s", "1m", "47s", "90", "2m", "7s500ms");
    }

    private String computedDuration() {
        return dice.pick("1m + 30s", "2 * 1m", "10m / 3", "5m - 100s", "(1m + 5) * 2", "2 ^ 7", "500 % 7m", "-(-3m)");
    }

    private String series(Flavor flavor) {
        String metric = dice.pick(vocabulary.metrics().getOrDefault(flavor, List.of()));
        boolean isOdd = metric.startsWith("\"");
        return switch (dice.below(10)) {
            case 0, 1, 2, 3, 4 -> isOdd ? "{" + metric + "}" : metric;
            case 5, 6 -> isOdd ? "{" + metric + ", " + matcher() + "}" : metric + "{" + matcher() + "}";
            case 7 -> isOdd ? "{" + matcher() + ", " + metric + "}" : "{" + quoted(metric) + ", " + matcher() + "}";
            case 8 -> "{__name__=" + (isOdd ? metric : quoted(metric)) + "}";
            default -> "{__name__=~" + quoted(nameRegex(flavor)) + dice.maybe(60, () -> ", " + matcher()) + "}";
        };
    }

    private String nameRegex(Flavor flavor) {
        String name =
                dice.pick(vocabulary.metrics().getOrDefault(flavor, List.of())).replace("\"", "");
        String other =
                dice.pick(vocabulary.metrics().getOrDefault(flavor, List.of())).replace("\"", "");
        return dice.pick(name + "|" + other, name.substring(0, name.length() / 2) + ".*", ".+" + name.substring(2));
    }

    private String matcher() {
        String label = dice.pick(labels());
        List<String> values = vocabulary.labels().getOrDefault(label, List.of());
        String value = dice.pick(values);
        String other = dice.pick(values);
        String name = quotedIfOdd(label);
        return name
                + dice.oneOf(
                        () -> "=" + quoted(value),
                        () -> "=" + quoted(value),
                        () -> "!=" + quoted(value),
                        () -> "=~" + quoted(literal(value) + "|" + literal(other)),
                        () -> "!~" + quoted(literal(value) + "|x.*"),
                        () -> "=~\".+\"",
                        () -> "=~" + quoted(".*" + value.substring(value.length() / 2)),
                        () -> "=\"\"",
                        () -> "!=\"\"");
    }

    private String modifiers() {
        String offset = " offset "
                + dice.oneOf(
                        () -> dice.pick("1m", "30s", "5m", "-1m", "-45s", "90", "0s"),
                        () -> dice.pick("(1m + 20s)", "-(2m - 30s)", "(3 * 15s)"));
        String at = " @ " + dice.oneOf(() -> "start()", () -> "end()", this::timestamp, this::timestamp);
        return switch (dice.below(4)) {
            case 0 -> at;
            case 1 -> dice.chance(50) ? offset + at : at + offset;
            default -> offset;
        };
    }

    /** A time within the data in seconds. */
    String timestamp() {
        long spanMs = vocabulary.endMs() - vocabulary.startMs();
        long timeMs = vocabulary.startMs() + (long) (dice.below(1001) / 1000.0 * spanMs);
        return dice.chance(30) ? String.format(Locale.ROOT, "%.3f", timeMs / 1e3) : Long.toString(timeMs / 1000);
    }

    private List<String> labels() {
        return vocabulary.labels().keySet().stream().sorted().toList();
    }

    private static String quotedIfOdd(String label) {
        return label.matches("[a-zA-Z_][a-zA-Z0-9_]*") ? label : quoted(label);
    }

    private static String literal(String value) {
        return value.replaceAll("[+.]", "\\\\$0");
    }

    private static String quoted(String text) {
        return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }
}
