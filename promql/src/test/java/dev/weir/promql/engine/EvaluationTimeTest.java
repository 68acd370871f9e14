package dev.weir.promql.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.weir.promql.script.MemoryStore;
import dev.weir.promql.storage.SampleColumns;
import dev.weir.promql.value.MatrixValue;
import dev.weir.promql.value.VectorSample;
import dev.weir.promql.value.VectorValue;
import dev.weir.series.Labels;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Asking for times of which the store does not know everything yet. */
class EvaluationTimeTest {
    private static final PromQlEngine ENGINE = new PromQlEngine(EngineOptions.DEFAULT);
    private static final long FRONTIER_MS = 100_000;
    private static final QueryOptions HELD =
            QueryOptions.DEFAULT.withEvaluationTime(time -> Math.min(time, FRONTIER_MS));

    @Test
    void stepsAfterTheFrontierAreEvaluatedAtItAndReportedUnderTheirOwnTime() {
        SampleColumns samples = range("rate(foo_total[10s])", 80_000, 130_000, 10_000);

        assertEquals(6, samples.size());
        for (int i = 0; i < samples.size(); i++) {
            assertEquals(80_000 + i * 10_000, samples.timestampMs(i));
            assertEquals(2.0, samples.value(i), 1e-12);
        }
    }

    @Test
    void instantQueriesAreHeldToo() {
        VectorSample sample = ((VectorValue)
                        ENGINE.instant(store(), "foo_total", 125_000, HELD).value())
                .samples()
                .get(0);

        assertEquals(125_000, sample.timestampMs());
        assertEquals(200, sample.value());
    }

    @Test
    void offsetsAndSubqueriesCountFromTheEvaluatedTime() {
        assertEquals(180, range("foo_total offset 10s", 120_000, 120_000, 1).value(0));
        assertEquals(
                200,
                range("max_over_time(foo_total[20s:5s])", 130_000, 130_000, 1).value(0));
        assertEquals(200, range("foo_total @ end()", 0, 130_000, 10_000).value(0));
    }

    @Test
    void timesThatDescendAreRejected() {
        assertThrows(
                IllegalArgumentException.class,
                () -> ENGINE.range(store(), "1", 0, 10, 1, QueryOptions.DEFAULT.withEvaluationTime(time -> -time)));
    }

    private static SampleColumns range(String query, long startMs, long endMs, long stepMs) {
        return ((MatrixValue) ENGINE.range(store(), query, startMs, endMs, stepMs, HELD)
                        .value())
                .series()
                .get(0)
                .samples();
    }

    /** Two a second up to the frontier, a sample every 5 s. */
    private static MemoryStore store() {
        Map<Long, Object> samples = new TreeMap<>();
        for (long time = 0; time <= FRONTIER_MS; time += 5000) {
            samples.put(time, time / 500.0);
        }
        return MemoryStore.EMPTY.with(Labels.of("__name__", "foo_total"), samples);
    }
}
