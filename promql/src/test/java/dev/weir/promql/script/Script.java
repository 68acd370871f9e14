package dev.weir.promql.script;

import dev.weir.promql.parser.NumberText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads a script: what it loads, and each of its evaluations with the store as it is there. */
final class Script {
    private static final Pattern RANGE = Pattern.compile(
            "^eval(?:_(fail|warn|info))?\\s+range\\s+from\\s+(\\S+)\\s+to\\s+(\\S+)\\s+step\\s+(\\S+)\\s+(.+)$");
    private static final Pattern INSTANT =
            Pattern.compile("^eval(?:_(fail|warn|ordered|info))?\\s+instant\\s+(?:at\\s+(\\S+))?\\s+(.+)$");

    private final List<String> lines;
    private final List<Evaluation> evaluations = new ArrayList<>();
    private MemoryStore store = MemoryStore.EMPTY;

    private Script(List<String> lines) {
        this.lines = lines;
    }

    static List<Evaluation> read(Path file) throws IOException {
        List<String> lines = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            String trimmed = line.trim();
            lines.add(trimmed.startsWith("#") ? "" : trimmed);
        }
        Script script = new Script(lines);
        script.run();
        return script.evaluations;
    }

    private void run() {
        int i = 0;
        while (i < lines.size()) {
            String head = lines.get(i);
            int number = ++i;
            if (head.isEmpty()) {
                continue;
            }
            if (head.equals("clear")) {
                store = MemoryStore.EMPTY;
                continue;
            }
            List<String> block = new ArrayList<>();
            while (i < lines.size() && !lines.get(i).isEmpty()) {
                block.add(lines.get(i++));
            }
            if (head.startsWith("load")) {
                store = Loading.load(store, head, block);
            } else {
                evaluations.add(evaluation(head, number, block));
            }
        }
    }

    private Evaluation evaluation(String head, int number, List<String> block) {
        Matcher range = RANGE.matcher(head);
        if (range.matches()) {
            Evaluation.Times times =
                    new Evaluation.Times(millis(range.group(2)), millis(range.group(3)), millis(range.group(4)));
            return new Evaluation(number, range.group(5), times, Expectation.parse(range.group(1), block), store);
        }
        Matcher instant = INSTANT.matcher(head);
        if (!instant.matches()) {
            throw new IllegalArgumentException("line " + number + ": " + head);
        }
        long atMs = instant.group(2) == null ? 0 : millis(instant.group(2));
        return new Evaluation(
                number,
                instant.group(3),
                new Evaluation.Times(atMs, atMs, 0),
                Expectation.parse(instant.group(1), block),
                store);
    }

    static long millis(String text) {
        boolean negative = text.startsWith("-");
        String unsigned = negative ? text.substring(1) : text;
        long millis = unsigned.matches("[0-9.]+")
                ? Math.round(Double.parseDouble(unsigned) * 1000)
                : NumberText.parseDurationMillis(unsigned);
        return negative ? -millis : millis;
    }
}
