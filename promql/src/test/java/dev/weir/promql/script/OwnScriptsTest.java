package dev.weir.promql.script;

import dev.weir.promql.engine.EngineOptions;
import dev.weir.promql.engine.PromQlEngine;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The project's own scripts: what the engine promises, computed by hand. Names are dropped at once, as by default. */
class OwnScriptsTest {
    private static final PromQlEngine ENGINE = new PromQlEngine(EngineOptions.DEFAULT);

    @TestFactory
    Stream<DynamicContainer> everyEvaluationGivesWhatItsScriptSays() throws IOException, URISyntaxException {
        URL folder = Objects.requireNonNull(OwnScriptsTest.class.getResource("own"));
        try (Stream<Path> files = Files.list(Path.of(folder.toURI()))) {
            return files.sorted().toList().stream().map(OwnScriptsTest::container);
        }
    }

    private static DynamicContainer container(Path file) {
        try {
            List<Evaluation> evaluations = Script.read(file);
            return DynamicContainer.dynamicContainer(
                    file.getFileName().toString(),
                    evaluations.stream()
                            .map(evaluation -> DynamicTest.dynamicTest(
                                    evaluation.line() + " " + evaluation.query(), () -> evaluation.check(ENGINE))));
        } catch (IOException e) {
            throw new IllegalStateException("cannot read " + file, e);
        }
    }
}
