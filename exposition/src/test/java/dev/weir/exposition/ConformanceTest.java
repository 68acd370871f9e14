package dev.weir.exposition;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Every conformance case of the reference parsers, in both modes. {@code deliberate-differences.tsv} lists where Weir
 * decides otherwise, with the references' own disagreement.
 */
class ConformanceTest {
    private static final int MAX_DELIBERATE_DIFFERENCES = 15;

    /** What Prometheus itself rejects when it scrapes. */
    private static final List<String> PROMETHEUS_SUITES =
            List.of("conformance/prometheus_text/", "conformance/prometheus_om/");

    @TestFactory
    Stream<DynamicTest> everyCaseIsAcceptedOrRejectedAsTheReferencesSay() throws IOException {
        Map<String, String> differences = differences();
        return SharedCaptures.rows("conformance/expected.tsv").stream()
                .filter(row -> !differences.containsKey(row.name()))
                .map(row -> DynamicTest.dynamicTest(row.name(), () -> check(row)));
    }

    @Test
    void deliberateDifferencesAreFewAndArgued() throws IOException {
        Map<String, String> differences = differences();
        assertTrue(differences.size() <= MAX_DELIBERATE_DIFFERENCES);
        differences.forEach((file, argument) -> assertTrue(argument.length() > 20, file));
    }

    private static void check(SharedCaptures.Row row) throws IOException {
        boolean accept = row.get("expected").equals("accept");
        boolean ofPrometheus = PROMETHEUS_SUITES.stream().anyMatch(row.name()::startsWith);
        for (ParseMode mode : ParseMode.values()) {
            if (!accept && mode == ParseMode.LENIENT && !ofPrometheus) {
                continue;
            }
            String problem = "";
            try {
                ExpositionParser.parse(row.body(), row.format(), mode);
            } catch (ExpositionException e) {
                problem = Objects.requireNonNull(e.getMessage());
            }
            assertEquals(accept, problem.isEmpty(), mode + ": " + problem);
        }
    }

    private static Map<String, String> differences() throws IOException {
        Map<String, String> differences = new TreeMap<>();
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                Objects.requireNonNull(ConformanceTest.class.getResourceAsStream("deliberate-differences.tsv")),
                StandardCharsets.UTF_8))) {
            lines.lines().filter(line -> !line.startsWith("#")).forEach(line -> {
                String[] cells = line.split("\t", -1);
                differences.put(cells[0], cells[1]);
            });
        }
        return differences;
    }
}
