package dev.weir.promql.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.weir.promql.script.MemoryStore;
import dev.weir.promql.value.MatrixSeries;
import dev.weir.promql.value.MatrixValue;
import dev.weir.promql.value.PromQlException;
import dev.weir.series.Labels;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Series that become alike once their names are dropped, with names dropped at once and in the end. */
class NameRemovalTest {
    private static final PromQlEngine AT_ONCE = new PromQlEngine(EngineOptions.DEFAULT);
    private static final PromQlEngine IN_THE_END = new PromQlEngine(EngineOptions.DEFAULT.withDelayedNameRemoval(true));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "rate({__name__=~\"x|y\"}[1m])",
                "-{__name__=~\"x|y\"}",
                "{__name__=~\"x|y\"} * 2",
                "abs({__name__=~\"x|y\"})",
                "{__name__=~\"x|y\"} > bool 0",
                "timestamp({__name__=~\"x|y\"})"
            })
    void seriesThatBecomeAlikeAreAnErrorEitherWay(String query) {
        for (PromQlEngine engine : List.of(AT_ONCE, IN_THE_END)) {
            PromQlException failure = assertThrows(PromQlException.class, () -> evaluate(engine, query));
            assertEquals("vector cannot contain metrics with the same labelset", failure.getMessage());
            assertEquals(PromQlException.Kind.EXECUTION, failure.kind());
        }
    }

    @Test
    void namesDroppedAtOnceAreGoneForGroupings() {
        assertEquals(List.of(Labels.EMPTY), labels(evaluate(AT_ONCE, "sum by (__name__) (rate(x[1m]))")));
        assertEquals(
                List.of(Labels.of("n", "x", "a", "1")),
                labels(evaluate(IN_THE_END, "label_replace(rate(x[1m]), \"n\", \"$1\", \"__name__\", \"(.*)\")")));
        assertEquals(
                List.of(Labels.of("a", "1")),
                labels(evaluate(AT_ONCE, "label_replace(rate(x[1m]), \"n\", \"$1\", \"__name__\", \"(.*)\")")));
    }

    @Test
    void seriesThatNeverMeetBecomeOneIfNamesAreDroppedAtOnce() {
        MatrixValue matrix = evaluate(AT_ONCE, "{__name__=~\"early|late\"} * 2");

        assertEquals(List.of(Labels.of("a", "1")), labels(matrix));
        assertEquals(7, matrix.series().get(0).samples().size());
    }

    @Test
    void filtersAndSetOperatorsKeepNames() {
        for (PromQlEngine engine : List.of(AT_ONCE, IN_THE_END)) {
            for (String query : List.of("x > 0", "x and x", "x or y", "last_over_time(x[1m])", "topk(1, x)", "+x")) {
                assertEquals("x", labels(evaluate(engine, query)).get(0).metricName(), query);
            }
        }
    }

    @Test
    void setOperatorsJoinWhatNeverMeetsWhetherOrNotItLosesItsNameInTheEnd() {
        MatrixValue matrix = evaluate(IN_THE_END, "sum by (a) (early) or sum by (a) (late * 2)");

        assertEquals(List.of(Labels.of("a", "1")), labels(matrix));
        assertEquals(7, matrix.series().get(0).samples().size());
    }

    private static List<Labels> labels(MatrixValue matrix) {
        return matrix.series().stream().map(MatrixSeries::labels).toList();
    }

    private static MatrixValue evaluate(PromQlEngine engine, String query) {
        QueryOptions brief = QueryOptions.DEFAULT.withLookbackDelta(Duration.ofSeconds(10));
        return (MatrixValue)
                engine.range(store(), query, 0, 60_000, 10_000, brief).value();
    }

    private static MemoryStore store() {
        return MemoryStore.EMPTY
                .with(Labels.of("__name__", "x", "a", "1"), samples(0, 60_000))
                .with(Labels.of("__name__", "y", "a", "1"), samples(0, 60_000))
                .with(Labels.of("__name__", "early", "a", "1"), samples(0, 30_000))
                .with(Labels.of("__name__", "late", "a", "1"), samples(40_000, 60_000));
    }

    private static Map<Long, Object> samples(long fromMs, long toMs) {
        Map<Long, Object> samples = new TreeMap<>();
        for (long time = fromMs; time <= toMs; time += 10_000) {
            samples.put(time, 1.0 + time);
        }
        return samples;
    }
}
