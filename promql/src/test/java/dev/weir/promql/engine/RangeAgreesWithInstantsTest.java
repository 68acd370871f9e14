package dev.weir.promql.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.promql.answers.SampleData;
import dev.weir.promql.generator.RandomQueries;
import dev.weir.promql.script.MemoryStore;
import dev.weir.promql.storage.SampleColumns;
import dev.weir.promql.value.MatrixSeries;
import dev.weir.promql.value.MatrixValue;
import dev.weir.promql.value.PromQlException;
import dev.weir.promql.value.VectorSample;
import dev.weir.promql.value.VectorValue;
import dev.weir.series.FloatHistogram;
import dev.weir.series.Labels;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A range query gives at each step what an instant query gives there, whatever the data. Left out is what PromQL leaves
 * open, namely which of several equal series topk, bottomk and limitk take, and parameters of aggregations that change
 * with time while what is aggregated does not.
 */
class RangeAgreesWithInstantsTest {
    private static final long START_MS = SampleData.START_MS + 900_000;
    private static final long STEP_MS = 47_000;
    private static final int STEPS = 9;
    private static final int QUERIES = 250;

    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13, 14, 15, 16, 17, 18})
    void atEveryStep(long seed) {
        boolean delays = seed % 2 == 0;
        PromQlEngine engine = new PromQlEngine(EngineOptions.DEFAULT.withDelayedNameRemoval(delays));
        int answered = 0;
        MemoryStore store = new SampleData(seed).store();
        RandomQueries queries = new RandomQueries(seed, SampleData.vocabulary());
        for (int i = 0; i < QUERIES; i++) {
            // Bounds mean something else in an instant query.
            String query = queries.vector(3).replaceAll("@ (start|end)\\(\\)", "@ 1600000200");
            if (query.matches(".*((top|bottom|limit)k|(quantile|limit_ratio).*time).*")) {
                continue;
            }
            answered += check(engine, store, query, "seed " + seed + ", delays " + delays + ": " + query);
        }
        assertTrue(answered > QUERIES / 2, "seed " + seed + ": only " + answered + " answers");
    }

    private static int check(PromQlEngine engine, MemoryStore store, String query, String message) {
        MatrixValue matrix;
        try {
            long endMs = START_MS + (STEPS - 1) * STEP_MS;
            matrix = (MatrixValue) engine.range(store, query, START_MS, endMs, STEP_MS, QueryOptions.DEFAULT)
                    .value();
        } catch (PromQlException e) {
            return 0;
        }
        for (int step = 0; step < STEPS; step++) {
            long timeMs = START_MS + step * STEP_MS;
            assertEquals(
                    instant(engine, store, query, timeMs).toString(),
                    at(matrix, timeMs).toString(),
                    message + " at " + timeMs);
        }
        return 1;
    }

    private static Map<Labels, Object> instant(PromQlEngine engine, MemoryStore store, String query, long timeMs) {
        Map<Labels, Object> values = new TreeMap<>();
        VectorValue vector = (VectorValue)
                engine.instant(store, query, timeMs, QueryOptions.DEFAULT).value();
        for (VectorSample sample : vector.samples()) {
            FloatHistogram histogram = sample.histogram();
            values.put(sample.labels(), histogram == null ? (Object) sample.value() : histogram);
        }
        return values;
    }

    private static Map<Labels, Object> at(MatrixValue matrix, long timeMs) {
        Map<Labels, Object> values = new TreeMap<>();
        for (MatrixSeries series : matrix.series()) {
            SampleColumns samples = series.samples();
            for (int i = 0; i < samples.size(); i++) {
                if (samples.timestampMs(i) == timeMs) {
                    FloatHistogram histogram = samples.histogram(i);
                    values.put(series.labels(), histogram == null ? (Object) samples.value(i) : histogram);
                }
            }
        }
        return values;
    }
}
