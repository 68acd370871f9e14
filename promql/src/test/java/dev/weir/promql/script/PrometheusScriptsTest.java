package dev.weir.promql.script;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.promql.engine.EngineOptions;
import dev.weir.promql.engine.PromQlEngine;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Prometheus' own scripts, read in place, one test for each evaluation. What is listed in {@code known-gaps.txt} must
 * fail, so that the list can only shrink.
 */
class PrometheusScriptsTest {
    private static final PromQlEngine ENGINE = new PromQlEngine(EngineOptions.DEFAULT.withDelayedNameRemoval(true));

    @TestFactory
    Stream<DynamicContainer> everyEvaluationGivesWhatPrometheusGives() throws IOException {
        Path scripts = Path.of(System.getProperty("weir.root", ".."), "..", "shared", "promqltest", "testdata");
        Assumptions.assumeTrue(Files.isDirectory(scripts), () -> "no scripts at " + scripts);
        Set<String> knownGaps = knownGaps();
        try (Stream<Path> files = Files.list(scripts)) {
            return files.filter(file -> file.toString().endsWith(".test")).sorted().toList().stream()
                    .map(file -> container(file, knownGaps));
        }
    }

    private static DynamicContainer container(Path file, Set<String> knownGaps) {
        String name = file.getFileName().toString();
        List<Evaluation> evaluations;
        try {
            evaluations = Script.read(file);
        } catch (IOException e) {
            throw new IllegalStateException("cannot read " + file, e);
        }
        return DynamicContainer.dynamicContainer(
                name,
                evaluations.stream().map(evaluation -> test(name + ":" + evaluation.line(), evaluation, knownGaps)));
    }

    private static DynamicTest test(String id, Evaluation evaluation, Set<String> knownGaps) {
        return DynamicTest.dynamicTest(id + " " + evaluation.query(), () -> {
            if (knownGaps.contains(id)) {
                assertThrows(Throwable.class, () -> evaluation.check(ENGINE), "passes, and is no gap any more");
            } else {
                evaluation.check(ENGINE);
            }
        });
    }

    private static Set<String> knownGaps() throws IOException {
        try (InputStream in = PrometheusScriptsTest.class.getResourceAsStream("known-gaps.txt")) {
            assertTrue(in != null, "known-gaps.txt is missing");
            Set<String> gaps = new TreeSet<>();
            new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .forEach(line -> gaps.add(line.trim().split("\\s+", 2)[0]));
            return gaps;
        }
    }
}
