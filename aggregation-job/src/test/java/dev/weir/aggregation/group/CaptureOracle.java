package dev.weir.aggregation.group;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A captured page read with two regular expressions, and by nothing that Weir reads pages with. */
final class CaptureOracle {
    private static final Pattern LINE = Pattern.compile("^([a-zA-Z_:][a-zA-Z0-9_:]*)(\\{.*\\})?[ \\t]+(\\S+).*$");
    private static final Pattern LABEL = Pattern.compile("([a-zA-Z_][a-zA-Z0-9_]*)=\"([^\"]*)\"");

    final String page;
    private final List<Sample> samples = new ArrayList<>();

    private record Sample(String name, String labels, double value) {}

    CaptureOracle(Path file) throws IOException {
        page = Files.readString(file);
        for (String line : page.split("\\R")) {
            Matcher matcher = LINE.matcher(line.strip());
            if (matcher.matches()) {
                String labels = matcher.group(2) == null ? "" : matcher.group(2);
                samples.add(new Sample(matcher.group(1), labels, Double.parseDouble(matcher.group(3))));
            }
        }
    }

    /** Sum of the samples of that name which have all those labels; a line that stands twice counts once. */
    double sum(String name, String... labels) {
        double sum = 0;
        List<Sample> seen = new ArrayList<>();
        for (Sample sample : samples) {
            if (sample.name.equals(name) && has(sample, labels) && !seen.contains(sample)) {
                seen.add(sample);
                sum += sample.value;
            }
        }
        return sum;
    }

    double mean(String name, String... labels) {
        long count = samples.stream()
                .filter(sample -> sample.name.equals(name) && has(sample, labels))
                .count();
        return sum(name, labels) / count;
    }

    private static boolean has(Sample sample, String... labels) {
        List<String> present = new ArrayList<>();
        Matcher matcher = LABEL.matcher(sample.labels);
        while (matcher.find()) {
            present.add(matcher.group(1) + "=" + matcher.group(2));
        }
        return present.containsAll(List.of(labels));
    }
}
