package dev.weir.promql.script;

import dev.weir.promql.parser.NumberText;
import dev.weir.promql.script.SeriesNotation.Series;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What an evaluation is to give. */
final class Expectation {
    private static final Pattern EXPECT =
            Pattern.compile("^expect\\s+(ordered|fail|warn|no_warn|info|no_info)(?:\\s+(regex|msg):(.*))?$");
    private static final Pattern MATRIX =
            Pattern.compile("^expect range vector\\s+from\\s+(\\S+)\\s+to\\s+(\\S+)\\s+step\\s+(\\S+)$");

    /** A text that must appear: literally, as a pattern, or, if {@code text} is null, any at all. */
    record Text(boolean isPattern, @Nullable String text) {
        boolean matches(String actual) {
            if (text == null) {
                return true;
            }
            return isPattern ? Pattern.compile(text).matcher(actual).find() : actual.contains(text);
        }
    }

    boolean isOrdered;
    final List<Text> failures = new ArrayList<>();
    final List<Text> warnings = new ArrayList<>();
    final List<Text> infos = new ArrayList<>();
    boolean noWarning;
    boolean noInfo;

    @Nullable
    Double scalar;

    @Nullable
    String string;

    Evaluation.@Nullable Times matrix;
    final List<Series> series = new ArrayList<>();

    private Expectation() {}

    static Expectation parse(@Nullable String mode, List<String> block) {
        Expectation expectation = new Expectation();
        if (mode != null) {
            expectation.add(mode, new Text(false, null));
        }
        for (String line : block) {
            expectation.parse(line);
        }
        return expectation;
    }

    private void parse(String line) {
        Matcher expect = EXPECT.matcher(line);
        Matcher range = MATRIX.matcher(line);
        if (range.matches()) {
            matrix = new Evaluation.Times(
                    Script.millis(range.group(1)), Script.millis(range.group(2)), Script.millis(range.group(3)));
        } else if (line.startsWith("expect string ")) {
            String quoted = line.substring("expect string ".length()).trim();
            string = quoted.substring(1, quoted.length() - 1);
        } else if (expect.matches()) {
            String text = expect.group(3) == null ? null : expect.group(3).trim();
            add(expect.group(1), new Text("regex".equals(expect.group(2)), text));
        } else if (line.startsWith("expected_fail_message")) {
            failures.clear();
            failures.add(new Text(
                    false, line.substring("expected_fail_message".length()).trim()));
        } else if (line.startsWith("expected_fail_regexp")) {
            failures.clear();
            failures.add(new Text(
                    true, line.substring("expected_fail_regexp".length()).trim()));
        } else {
            value(line);
        }
    }

    private void value(String line) {
        try {
            scalar = NumberText.parseNumber(line);
        } catch (NumberFormatException notANumber) {
            series.add(new SeriesNotation(line).parse());
        }
    }

    private void add(String what, Text text) {
        switch (what) {
            case "ordered" -> isOrdered = true;
            case "fail" -> failures.add(text);
            case "warn" -> warnings.add(text);
            case "info" -> infos.add(text);
            case "no_warn" -> noWarning = true;
            default -> noInfo = true;
        }
    }
}
