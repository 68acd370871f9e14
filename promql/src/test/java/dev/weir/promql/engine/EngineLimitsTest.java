package dev.weir.promql.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.promql.ast.Printer;
import dev.weir.promql.script.MemoryStore;
import dev.weir.promql.value.MatrixValue;
import dev.weir.promql.value.PromQlException;
import dev.weir.promql.value.PromQlException.Kind;
import dev.weir.series.Labels;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class EngineLimitsTest {
    private static final PromQlEngine ENGINE = new PromQlEngine(EngineOptions.DEFAULT);

    @Test
    void fiftyThousandParenthesesAreBadData() {
        String query = "(".repeat(50_000) + "1" + ")".repeat(50_000);

        assertEquals(Kind.BAD_DATA, failure(query).kind());
        assertTrue(message(failure(query)).contains("nesting"), message(failure(query)));
    }

    @Test
    void unclosedParenthesesAreBadData() {
        assertEquals(Kind.BAD_DATA, failure("(".repeat(50_000)).kind());
        assertEquals(Kind.BAD_DATA, failure("-".repeat(50_000) + "1").kind());
        assertEquals(Kind.BAD_DATA, failure("foo[" + "(".repeat(50_000)).kind());
        assertEquals(Kind.BAD_DATA, failure("abs(".repeat(25_000)).kind());
        assertEquals(Kind.BAD_DATA, failure("1^".repeat(50_000) + "1").kind());
    }

    @Test
    void longChainOfOperatorsIsBadData() {
        assertEquals(Kind.BAD_DATA, failure("1" + "+1".repeat(50_000)).kind());
        assertEquals(
                Kind.BAD_DATA,
                failure("max_over_time(".repeat(200) + "x" + "[1m:1m])".repeat(200))
                        .kind());
    }

    @Test
    void deepExpressionsOfEveryKindFitASmallStack() throws InterruptedException {
        int depth = EngineOptions.DEFAULT.parser().maxNesting() - 10;
        List<String> queries = List.of(
                "(".repeat(depth) + "vector(1)" + ")".repeat(depth),
                "vector(1)" + " + vector(1)".repeat(depth),
                "vector(1)" + " or vector(1)".repeat(depth),
                "-abs(".repeat(depth / 2) + "vector(1)" + ")".repeat(depth / 2),
                "1 ^ ".repeat(depth) + "vector(1)",
                "sum(".repeat(depth) + "vector(1)" + ")".repeat(depth),
                "max_over_time(".repeat(depth / 2) + "vector(1)" + "[1m:1m])".repeat(depth / 2),
                "vector(scalar(".repeat(depth / 2) + "vector(1)" + "))".repeat(depth / 2));
        List<Throwable> failures = new ArrayList<>();
        Thread small = new Thread(
                null,
                () -> queries.forEach(query -> {
                    assertEquals(2, range(query, 0, 10, 10), query);
                    Printer.pretty(ENGINE.parse(query));
                }),
                "small-stack",
                640 << 10);
        small.setUncaughtExceptionHandler((thread, failure) -> failures.add(failure));
        small.start();
        small.join();

        assertEquals(List.of(), failures);
    }

    @Test
    void rangeLongerThanALongIsBadData() {
        assertEquals(
                Kind.BAD_DATA,
                rangeFailure("1", Long.MIN_VALUE, Long.MAX_VALUE, 1000).kind());
    }

    @Test
    void expressionOfTwoMebibytesIsBadData() {
        String query = "foo{a=\"" + "x".repeat(2 << 20) + "\"}";

        assertEquals(Kind.BAD_DATA, failure(query).kind());
        assertTrue(message(failure(query)).contains("expected: at most 131072"), message(failure(query)));
    }

    @Test
    void subqueryOfAYearBySecondsIsRefused() {
        PromQlException failure = failure("max_over_time(vector(1)[365d:1s])");

        assertEquals(Kind.EXECUTION, failure.kind());
        assertTrue(message(failure).contains("31536000 steps"), message(failure));
    }

    @Test
    void elevenThousandAndOnePointsAreTheMost() {
        assertEquals(11_001, range("vector(1)", 0, 11_000_000, 1000));
        PromQlException failure = assertThrows(
                PromQlException.class,
                () -> ENGINE.range(MemoryStore.EMPTY, "1", 0, 11_001_000, 1000, QueryOptions.DEFAULT));
        assertEquals(Kind.BAD_DATA, failure.kind());
        assertEquals(
                "exceeded maximum resolution of 11,000 points per timeseries."
                        + " Try decreasing the query resolution (?step=XX)",
                failure.getMessage());
    }

    @Test
    void wrongRangesAreBadData() {
        assertEquals(Kind.BAD_DATA, rangeFailure("1", 0, 10, 0).kind());
        assertEquals(Kind.BAD_DATA, rangeFailure("1", 10, 0, 1).kind());
        assertEquals(Kind.BAD_DATA, rangeFailure("foo[5m]", 0, 10, 1).kind());
        assertEquals(Kind.BAD_DATA, rangeFailure("\"text\"", 0, 10, 1).kind());
    }

    @Test
    void samplesHeldAtOnceAreLimited() {
        MemoryStore store = MemoryStore.EMPTY;
        for (int i = 0; i < 20; i++) {
            store = store.with(Labels.of("__name__", "foo", "i", "" + i), Map.of(0L, (Object) 1.0));
        }
        PromQlEngine engine = new PromQlEngine(EngineOptions.DEFAULT.withMaxSamples(100));
        MemoryStore full = store;
        PromQlException failure = assertThrows(
                PromQlException.class, () -> engine.range(full, "foo", 0, 100_000, 10_000, QueryOptions.DEFAULT));

        assertEquals(Kind.EXECUTION, failure.kind());
        assertTrue(message(failure).startsWith("query processing would load too many samples into memory"));
        assertEquals(
                1,
                ((MatrixValue) engine.range(full, "sum(foo)", 0, 10_000, 10_000, QueryOptions.DEFAULT)
                                .value())
                        .series()
                        .size());
    }

    @Test
    void slowQueryTimesOutInsideItsLoops() {
        PromQlException failure = assertThrows(
                PromQlException.class,
                () -> ENGINE.range(
                        MemoryStore.EMPTY,
                        "max_over_time(vector(1)[5d:1s])",
                        0,
                        11_000_000,
                        1000,
                        QueryOptions.DEFAULT.withTimeout(Duration.ofMillis(50))));

        assertEquals(Kind.TIMEOUT, failure.kind());
    }

    @Test
    void canceledQueryEnds() {
        PromQlException failure = assertThrows(
                PromQlException.class,
                () -> ENGINE.range(
                        MemoryStore.EMPTY,
                        "max_over_time(vector(1)[5d:1s])",
                        0,
                        11_000_000,
                        1000,
                        QueryOptions.DEFAULT.withCancellation(() -> true)));

        assertEquals(Kind.CANCELED, failure.kind());
    }

    @Test
    void lookbackOfOneQueryReplacesTheEngines() {
        Map<Long, Object> samples = new TreeMap<>();
        samples.put(0L, 1.0);
        MemoryStore store = MemoryStore.EMPTY.with(Labels.of("__name__", "foo"), samples);
        QueryOptions options = QueryOptions.DEFAULT.withLookbackDelta(Duration.ofSeconds(10));

        assertEquals(
                1,
                ((MatrixValue) ENGINE.range(store, "foo", 0, 20_000, 10_000, options)
                                .value())
                        .series()
                        .get(0)
                        .samples()
                        .size());
    }

    private static PromQlException failure(String query) {
        return assertThrows(
                PromQlException.class, () -> ENGINE.instant(MemoryStore.EMPTY, query, 0, QueryOptions.DEFAULT));
    }

    private static PromQlException rangeFailure(String query, long startMs, long endMs, long stepMs) {
        return assertThrows(
                PromQlException.class,
                () -> ENGINE.range(MemoryStore.EMPTY, query, startMs, endMs, stepMs, QueryOptions.DEFAULT));
    }

    private static String message(PromQlException failure) {
        return String.valueOf(failure.getMessage());
    }

    private static int range(String query, long startMs, long endMs, long stepMs) {
        MatrixValue matrix =
                (MatrixValue) ENGINE.range(MemoryStore.EMPTY, query, startMs, endMs, stepMs, QueryOptions.DEFAULT)
                        .value();
        return matrix.series().get(0).samples().size();
    }
}
