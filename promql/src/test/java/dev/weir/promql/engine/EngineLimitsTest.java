package dev.weir.promql.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.promql.script.MemoryStore;
import dev.weir.promql.value.MatrixValue;
import dev.weir.promql.value.PromQlException;
import dev.weir.promql.value.PromQlException.Kind;
import dev.weir.series.Labels;
import java.time.Duration;
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
    }

    @Test
    void deepestAllowedExpressionIsEvaluated() {
        int depth = EngineOptions.DEFAULT.parser().maxNesting() - 1;
        String nested = "(".repeat(depth) + "vector(1)" + ")".repeat(depth);
        String chain = "vector(1)" + " + vector(1)".repeat(depth);

        assertEquals(2, range(nested.substring(4, nested.length() - 4), 0, 10, 10));
        assertEquals(2, range(chain.substring(0, chain.length() - 5 * 12), 0, 10, 10));
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
