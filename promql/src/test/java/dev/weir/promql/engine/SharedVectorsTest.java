package dev.weir.promql.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.promql.script.MemoryStore;
import dev.weir.promql.storage.Queryable;
import dev.weir.promql.storage.StoredSeries;
import dev.weir.promql.value.MatrixSeries;
import dev.weir.promql.value.MatrixValue;
import dev.weir.promql.value.QueryResult;
import dev.weir.series.LabelMatcher;
import dev.weir.series.Labels;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a query asks for twice at equal steps is read and evaluated once. */
class SharedVectorsTest {
    private static final long END_MS = 600_000;
    private static final long STEP_MS = 30_000;

    private final PromQlEngine engine = new PromQlEngine(EngineOptions.DEFAULT);
    private MemoryStore store = MemoryStore.EMPTY;

    @BeforeEach
    void fillStore() {
        for (String name : List.of("a_total", "b_total", "gauge")) {
            for (int pod = 0; pod < 3; pod++) {
                Map<Long, Object> samples = new TreeMap<>();
                for (long t = 0; t <= END_MS; t += STEP_MS) {
                    samples.put(t, (double) (t / 1000 * (pod + 1) * (name.startsWith("a") ? 1 : 3)));
                }
                store = store.with(Labels.of("__name__", name, "pod", "p" + pod), samples);
            }
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            gauge / (gauge + ignoring (x) gauge)                                              | 1
            sum(rate(a_total[5m])) / (sum(rate(a_total[5m])) + sum(rate(b_total[5m])))        | 2
            sum(gauge) / count(gauge)                                                         | 1
            sum(gauge) by (pod) / sum( gauge )by(pod)                                         | 1
            (gauge) - gauge                                                                   | 1
            gauge - gauge offset 1m                                                           | 2
            gauge{pod="p1"} - gauge{pod="p2"}                                                 | 2
            rate(a_total[5m]) - rate(a_total[4m])                                             | 2
            gauge @ 60 - on (pod) gauge @ 60                                                  | 1
            gauge - on (pod) sum by (pod) (gauge @ 60) + on (pod) gauge @ 60                  | 2
            max_over_time(sum(gauge)[2m:30s]) - min_over_time(sum(gauge)[2m:30s])             | 1
            max_over_time(sum(gauge)[2m:30s]) - min_over_time(sum(gauge)[3m:30s])             | 2
            max_over_time(sum(gauge)[2m:30s]) - sum(gauge)                                    | 2
            gauge - timestamp(gauge)                                                          | 2
            """)
    void readsEachVectorOnce(String query, int reads) {
        CountingStore counting = new CountingStore(store);
        run(engine, counting, query);

        assertEquals(reads, counting.reads, query);
    }

    @Test
    void givesEveryPlaceTheWholeVectorUnchanged() {
        // Each place changes the columns that it gets.
        List<MatrixSeries> series = matrix(run(engine, store, "-gauge + gauge * 2 - gauge"));

        assertEquals(3, series.size());
        for (MatrixSeries one : series) {
            assertEquals(21, one.samples().size());
            for (int i = 0; i < one.samples().size(); i++) {
                assertEquals(0.0, one.samples().value(i));
            }
        }
    }

    @Test
    void givesUpSharingWhatWouldTakeTooMuchMemory() {
        String query = "sum(gauge) / count(gauge)";
        // Three series of 21 steps take more than a hundred samples, and a quarter of 400 may be shared.
        CountingStore counting = new CountingStore(store);
        PromQlEngine small = new PromQlEngine(EngineOptions.DEFAULT.withMaxSamples(400));

        List<MatrixSeries> expected = matrix(run(engine, store, query));
        List<MatrixSeries> actual = matrix(run(small, counting, query));

        assertEquals(2, counting.reads);
        assertEquals(expected.size(), actual.size());
        for (int i = 0; i < 21; i++) {
            assertEquals(
                    expected.get(0).samples().value(i), actual.get(0).samples().value(i));
        }
    }

    @Test
    void annotatesTheLastPlace() {
        QueryResult result = run(engine, store, "rate(gauge[5m]) + rate(gauge[5m])");

        String text =
                "PromQL info: metric might not be a counter, name does not end in _total/_sum/_count/_bucket: \"gauge\"";
        assertEquals(List.of(text + " (1:24)"), result.infos(10));
    }

    @Test
    void keepsNothingOnceTheLastPlaceHadIt() {
        long once = peak("gauge + gauge offset 30s");

        assertTrue(peak("gauge + gauge") <= once, "" + once);
        // Three series of 21 steps and two labels each.
        assertTrue(peak("gauge + gauge * 2 - gauge") <= once + 3 * (21 + 20), "" + once);
    }

    private long peak(String query) {
        return run(engine, store, query).statistics().peakSamples();
    }

    private static QueryResult run(PromQlEngine engine, Queryable queryable, String query) {
        return engine.range(queryable, query, 0, END_MS, STEP_MS, QueryOptions.DEFAULT);
    }

    private static List<MatrixSeries> matrix(QueryResult result) {
        return ((MatrixValue) result.value()).series();
    }

    private static final class CountingStore implements Queryable {
        private final Queryable store;
        private int reads;

        CountingStore(Queryable store) {
            this.store = store;
        }

        @Override
        public List<StoredSeries> select(List<LabelMatcher> matchers, long minTimestampMs, long maxTimestampMs) {
            reads++;
            return new ArrayList<>(store.select(matchers, minTimestampMs, maxTimestampMs));
        }
    }
}
