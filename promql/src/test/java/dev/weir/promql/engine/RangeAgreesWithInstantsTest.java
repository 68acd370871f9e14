package dev.weir.promql.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.promql.parser.RandomQueries;
import dev.weir.promql.script.MemoryStore;
import dev.weir.promql.storage.SampleColumns;
import dev.weir.promql.value.MatrixSeries;
import dev.weir.promql.value.MatrixValue;
import dev.weir.promql.value.PromQlException;
import dev.weir.promql.value.VectorSample;
import dev.weir.promql.value.VectorValue;
import dev.weir.series.BucketCounts;
import dev.weir.series.FloatHistogram;
import dev.weir.series.Labels;
import dev.weir.series.StaleMarker;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A range query gives at each step what an instant query gives there, whatever the data. */
class RangeAgreesWithInstantsTest {
    private static final long START_MS = 30_000;
    private static final long STEP_MS = 47_000;
    private static final int STEPS = 9;
    private static final int QUERIES = 250;

    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13, 14, 15, 16, 17, 18})
    void atEveryStep(long seed) {
        Random random = new Random(seed);
        boolean delays = random.nextBoolean();
        PromQlEngine engine = new PromQlEngine(EngineOptions.DEFAULT.withDelayedNameRemoval(delays));
        int answered = 0;
        for (int i = 0; i < QUERIES; i++) {
            MemoryStore store = store(random);
            // Bounds mean something else in an instant query.
            String query = RandomQueries.vector(random, 3).replaceAll("@ (start|end)\\(\\)", "@ 200");
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

    private static MemoryStore store(Random random) {
        MemoryStore store = MemoryStore.EMPTY;
        for (String name : List.of("foo", "foo_total", "bar")) {
            for (String a : List.of("1", "2")) {
                for (String le : List.of("", "1", "+Inf")) {
                    if (random.nextInt(3) > 0) {
                        Labels labels = Labels.of("__name__", name, "a", a, "b", "x" + a, "le", le);
                        store = store.with(labels, samples(random, le.isEmpty()));
                    }
                }
            }
        }
        return store.with(Labels.of("__name__", "odd name", "odd.label", "v"), samples(random, false));
    }

    private static Map<Long, Object> samples(Random random, boolean mayHaveHistograms) {
        Map<Long, Object> samples = new TreeMap<>();
        double value = 0;
        boolean histograms = mayHaveHistograms && random.nextInt(3) == 0;
        for (long time = random.nextInt(60_000); time < 500_000; time += 1 + random.nextInt(40_000)) {
            switch (random.nextInt(12)) {
                case 0 -> time += random.nextInt(300_000);
                case 1 -> value = 0;
                case 2 -> samples.put(time, StaleMarker.VALUE);
                case 3 ->
                    samples.put(
                            time,
                            List.of(Double.NaN, Double.POSITIVE_INFINITY, -0.0).get(random.nextInt(3)));
                default -> {
                    value += random.nextInt(50);
                    samples.put(time, histograms && random.nextInt(10) > 0 ? histogram(value, random) : (Object) value);
                }
            }
        }
        return samples;
    }

    private static FloatHistogram histogram(double count, Random random) {
        FloatHistogram.Builder histogram = FloatHistogram.builder().count(count).sum(count * 2);
        return (random.nextInt(20) == 0
                        ? histogram.customBounds(1, 2).positive(BucketCounts.adjacent(0, count))
                        : histogram
                                .schema(random.nextInt(2))
                                .positive(BucketCounts.adjacent(2, count / 4, count * 3 / 4)))
                .build();
    }
}
