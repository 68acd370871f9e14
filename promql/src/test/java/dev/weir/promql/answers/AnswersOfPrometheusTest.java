package dev.weir.promql.answers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers that a Prometheus 3.5 gave to random queries; {@code promql/prometheus-answers record} made the files. */
class AnswersOfPrometheusTest {
    private static final int MAX_SHOWN = 20;

    @ParameterizedTest
    @ValueSource(strings = {"names-removed-at-once.txt", "names-removed-in-the-end.txt"})
    void areOursToo(String name) throws IOException, URISyntaxException {
        AnswerFile file = AnswerFile.read(resource(name));
        EngineAnswers ours = new EngineAnswers(new SampleData(file.dataSeed()).store(), file.delayedNameRemoval());
        Set<String> known = knownDifferences();
        List<String> differences = new ArrayList<>();
        for (RecordedAnswer recorded : file.answers()) {
            Answer our = ours.ask(recorded.query());
            Difference difference = Comparison.of(recorded.query()).difference(our, recorded.answer());
            if (known.contains(recorded.query().toString())) {
                assertTrue(difference != null, recorded.query() + " is no known difference any more");
            } else if (difference != null) {
                differences.add(difference.kind() + " of " + recorded.query() + "\n  ours   " + difference.ours()
                        + "\n  theirs " + difference.theirs());
            }
        }
        assertTrue(
                file.answers().size() >= 1500, name + ": only " + file.answers().size() + " answers");
        assertTrue(
                differences.isEmpty(),
                () -> name + ": " + differences.size() + " differ\n"
                        + String.join("\n", differences.subList(0, Math.min(differences.size(), MAX_SHOWN))));
    }

    private static Set<String> knownDifferences() throws IOException, URISyntaxException {
        return Files.readAllLines(resource("known-differences.txt")).stream()
                .filter(line -> !line.startsWith("#"))
                .map(line -> line.split("\t", 2)[1])
                .collect(Collectors.toSet());
    }

    private static Path resource(String name) throws URISyntaxException {
        return Path.of(Objects.requireNonNull(AnswersOfPrometheusTest.class.getResource(name), name)
                .toURI());
    }

    @Test
    void readBackAsTheyWereWritten() throws IOException, URISyntaxException {
        Path path =
                Path.of(Objects.requireNonNull(AnswersOfPrometheusTest.class.getResource("names-removed-at-once.txt"))
                        .toURI());
        for (RecordedAnswer recorded : AnswerFile.read(path).answers().subList(0, 300)) {
            assertEquals(
                    recorded.lines(), RecordedAnswer.parse(recorded.lines()).lines());
        }
    }
}
