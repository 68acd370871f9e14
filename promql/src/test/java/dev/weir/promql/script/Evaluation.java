package dev.weir.promql.script;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.weir.promql.ast.ValueType;
import dev.weir.promql.engine.PromQlEngine;
import dev.weir.promql.engine.QueryOptions;
import dev.weir.promql.script.SeriesNotation.Series;
import dev.weir.promql.storage.SampleColumns;
import dev.weir.promql.value.MatrixSeries;
import dev.weir.promql.value.MatrixValue;
import dev.weir.promql.value.PromQlException;
import dev.weir.promql.value.QueryResult;
import dev.weir.promql.value.ScalarValue;
import dev.weir.promql.value.StringValue;
import dev.weir.promql.value.VectorSample;
import dev.weir.promql.value.VectorValue;
import dev.weir.series.FloatHistogram;
import dev.weir.series.HistogramBuckets;
import dev.weir.series.HistogramBuckets.Bucket;
import dev.weir.series.Labels;
import dev.weir.series.StaleMarker;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One evaluation of a script; {@code times} with a step of 0 are those of an instant query. */
record Evaluation(int line, String query, Times times, Expectation expected, MemoryStore store) {
    private static final double TOLERANCE = 1e-6;
    private static final long MINUTE_MS = 60_000;

    record Times(long startMs, long endMs, long stepMs) {}

    /** @throws AssertionError if the engine gives something else */
    void check(PromQlEngine engine) {
        if (!expected.failures.isEmpty()) {
            PromQlException failure = assertThrows(PromQlException.class, () -> evaluate(engine));
            for (Expectation.Text text : expected.failures) {
                assertTrue(text.matches(String.valueOf(failure.getMessage())), failure::getMessage);
            }
            return;
        }
        QueryResult result = evaluate(engine);
        checkAnnotations("warning", result.warnings(), expected.warnings, expected.noWarning);
        checkAnnotations("info", result.infos(), expected.infos, expected.noInfo);
        checkValue(result);
        ValueType type = engine.parse(query).type();
        if (times.stepMs == 0 && !expected.isOrdered && type != ValueType.MATRIX && type != ValueType.STRING) {
            checkInRangeMode(engine);
        }
    }

    private QueryResult evaluate(PromQlEngine engine) {
        Times matrix = expected.matrix;
        long atMs = matrix != null ? matrix.endMs() : times.startMs;
        return times.stepMs == 0
                ? engine.instant(store, query, atMs, QueryOptions.DEFAULT)
                : engine.range(store, query, times.startMs, times.endMs, times.stepMs, QueryOptions.DEFAULT);
    }

    private static void checkAnnotations(
            String kind, List<String> actual, List<Expectation.Text> wanted, boolean wantsNone) {
        if (wantsNone) {
            assertEquals(List.of(), actual);
        }
        if (!wanted.isEmpty()) {
            assertTrue(!actual.isEmpty(), "no " + kind);
        }
        for (Expectation.Text text : wanted) {
            assertTrue(actual.stream().anyMatch(text::matches), () -> kind + "s: " + actual + ", wanted " + text);
        }
    }

    private void checkValue(QueryResult result) {
        if (result.value() instanceof ScalarValue scalar) {
            Double wanted = expected.scalar;
            assertTrue(wanted != null && isClose(wanted, scalar.value()), "scalar " + scalar.value());
        } else if (result.value() instanceof StringValue string) {
            assertEquals(expected.string, string.value());
        } else if (result.value() instanceof VectorValue vector) {
            List<Actual> actual = new ArrayList<>();
            for (VectorSample sample : vector.samples()) {
                FloatHistogram histogram = sample.histogram();
                actual.add(new Actual(sample.labels(), times.startMs, histogram == null ? sample.value() : histogram));
            }
            checkVector(actual);
        } else if (result.value() instanceof MatrixValue matrix) {
            Times grid = expected.matrix;
            checkMatrix(matrix, grid != null ? grid : times);
        }
    }

    /** What a range query gives at the time of the instant query must be the same. */
    private void checkInRangeMode(PromQlEngine engine) {
        QueryResult result = engine.range(
                store, query, times.startMs - MINUTE_MS, times.startMs + MINUTE_MS, MINUTE_MS, QueryOptions.DEFAULT);
        List<Actual> actual = new ArrayList<>();
        for (MatrixSeries series : ((MatrixValue) result.value()).series()) {
            Object value = samples(series.samples()).get(times.startMs);
            if (value != null) {
                actual.add(new Actual(series.labels(), times.startMs, value));
            }
        }
        if (expected.scalar != null) {
            assertTrue(
                    actual.size() == 1 && isSame(expected.scalar, actual.get(0).value()), "in range mode: " + actual);
        } else {
            checkVector(actual);
        }
    }

    private record Actual(Labels labels, long timeMs, Object value) {}

    private void checkVector(List<Actual> actual) {
        List<Series> wanted = new ArrayList<>(expected.series);
        List<Actual> given = new ArrayList<>(actual);
        if (!expected.isOrdered) {
            wanted.sort(Comparator.comparing(Series::labels));
            given.sort(Comparator.comparing(Actual::labels));
        }
        assertEquals(
                wanted.stream().map(Series::labels).toList(),
                given.stream().map(Actual::labels).toList());
        for (int i = 0; i < wanted.size(); i++) {
            Object value = wanted.get(i).values().get(0);
            if (!isSame(value, given.get(i).value())) {
                fail(given.get(i).labels() + ": expected " + value + ", got "
                        + given.get(i).value());
            }
        }
    }

    private void checkMatrix(MatrixValue matrix, Times grid) {
        TreeMap<Labels, TreeMap<Long, Object>> wanted = new TreeMap<>();
        for (Series series : expected.series) {
            TreeMap<Long, Object> samples = new TreeMap<>();
            for (int i = 0; i < series.values().size(); i++) {
                Object value = series.values().get(i);
                if (value != null) {
                    samples.put(grid.startMs + i * grid.stepMs, value);
                }
            }
            wanted.put(series.labels(), samples);
        }
        assertEquals(
                new ArrayList<>(wanted.keySet()),
                matrix.series().stream().map(MatrixSeries::labels).toList());
        for (MatrixSeries series : matrix.series()) {
            TreeMap<Long, Object> given = samples(series.samples());
            TreeMap<Long, Object> samples = wanted.getOrDefault(series.labels(), new TreeMap<>());
            assertEquals(samples.keySet(), given.keySet(), () -> series.labels() + ": " + given);
            given.forEach((time, value) -> {
                if (!isSame(samples.get(time), value)) {
                    fail(series.labels() + " at " + time + ": expected " + samples.get(time) + ", got " + value);
                }
            });
        }
    }

    private static TreeMap<Long, Object> samples(SampleColumns columns) {
        TreeMap<Long, Object> samples = new TreeMap<>();
        for (int i = 0; i < columns.size(); i++) {
            FloatHistogram histogram = columns.histogram(i);
            samples.put(columns.timestampMs(i), histogram == null ? columns.value(i) : histogram);
        }
        return samples;
    }

    private static boolean isSame(@Nullable Object wanted, Object actual) {
        if (wanted instanceof FloatHistogram histogram && actual instanceof FloatHistogram other) {
            return isSameHistogram(histogram, other);
        }
        return wanted instanceof Double number && actual instanceof Double other && isClose(number, other);
    }

    private static boolean isSameHistogram(FloatHistogram a, FloatHistogram b) {
        List<Bucket> left = new ArrayList<>();
        List<Bucket> right = new ArrayList<>();
        new HistogramBuckets(a).forEach(left::add);
        new HistogramBuckets(b).forEach(right::add);
        boolean same = left.size() == right.size() && isClose(a.count(), b.count()) && isClose(a.sum(), b.sum());
        for (int i = 0; same && i < left.size(); i++) {
            same = isClose(left.get(i).lower(), right.get(i).lower())
                    && isClose(left.get(i).upper(), right.get(i).upper())
                    && isClose(left.get(i).count(), right.get(i).count());
        }
        return same;
    }

    private static boolean isClose(double a, double b) {
        boolean bothNan = Double.isNaN(a) && Double.isNaN(b) && !StaleMarker.isStale(b);
        if (bothNan || a == b) {
            return true;
        }
        return Math.abs(a - b) / Math.min(Math.abs(a) + Math.abs(b), Double.MAX_VALUE) < TOLERANCE;
    }
}
