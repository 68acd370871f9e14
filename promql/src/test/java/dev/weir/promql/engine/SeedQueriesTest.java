package dev.weir.promql.engine;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.promql.ast.VectorSelector;
import dev.weir.promql.script.MemoryStore;
import dev.weir.promql.value.MatrixValue;
import dev.weir.promql.value.VectorValue;
import dev.weir.series.LabelMatcher;
import dev.weir.series.Labels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every query that the systems in the field document has an answer where its series exist. */
class SeedQueriesTest {
    private static final Pattern QUERY = Pattern.compile("(?:query|example): '((?:[^']|'')*)'");
    private static final PromQlEngine ENGINE = new PromQlEngine(EngineOptions.DEFAULT);
    private static final long NOW_MS = 1_700_000_000_000L;

    @TestFactory
    Stream<DynamicTest> everyDocumentedQueryHasAnAnswer() throws IOException {
        Path seeds = Path.of(System.getProperty("weir.root", ".."), "..", "shared", "seed-queries.yaml");
        Assumptions.assumeTrue(Files.exists(seeds), () -> "no queries at " + seeds);
        Matcher queries = QUERY.matcher(Files.readString(seeds));
        return queries
                .results()
                .map(match -> match.group(1)
                        .replace("''", "'")
                        .replace("{step}", "10")
                        .replace("{step_interval}", "10s")
                        .replaceAll("=\"\\{[A-Za-z_]+\\}\"", "=\"x\""))
                .map(query -> DynamicTest.dynamicTest(query, () -> check(query)))
                .toList()
                .stream();
    }

    private static void check(String query) {
        MemoryStore store = storeFor(query);
        VectorValue now = (VectorValue)
                ENGINE.instant(store, query, NOW_MS, QueryOptions.DEFAULT).value();
        assertTrue(now.samples().stream().anyMatch(sample -> sample.value() > 0), query);
        MatrixValue range =
                (MatrixValue) ENGINE.range(store, query, NOW_MS - 60_000, NOW_MS, 15_000, QueryOptions.DEFAULT)
                        .value();
        assertFalse(range.series().isEmpty(), query);
    }

    private static MemoryStore storeFor(String query) {
        VectorSelector selector =
                ENGINE.parse(query).accept(new FirstSelector()).orElseThrow();
        Labels.Builder labels = Labels.builder();
        for (LabelMatcher matcher : selector.matchers()) {
            labels.set(matcher.name(), matcher.value().replace(".*", "1"));
        }
        List<String> bounds = selector.name().endsWith("_bucket") ? List.of("1", "2", "+Inf") : List.of("");
        MemoryStore store = MemoryStore.EMPTY;
        for (String bound : bounds) {
            Map<Long, Object> samples = new TreeMap<>();
            for (long time = NOW_MS - 600_000; time <= NOW_MS; time += 5000) {
                samples.put(time, (time - NOW_MS + 700_000) / 1000.0 * (bound.equals("1") ? 1 : 2));
            }
            store = store.with(labels.set("le", bound).build(), samples);
        }
        return store;
    }
}
