package dev.weir.promql.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.promql.storage.Queryable;
import dev.weir.promql.storage.SampleColumns;
import dev.weir.promql.storage.StoredSeries;
import dev.weir.promql.value.PromQlException;
import dev.weir.promql.value.PromQlException.Kind;
import dev.weir.promql.value.QueryResult;
import dev.weir.series.FloatHistogram;
import dev.weir.series.LabelMatcher;
import dev.weir.series.Labels;
import java.util.AbstractList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The limit on what a query holds ends it before memory does, whatever it holds. */
class MemoryBoundTest {
    private static final int MAX_SAMPLES = 400_000;
    private static final int SERIES = 50_000;
    /** What the list of them counts as. */
    private static final int LISTED = 4 * SERIES;

    private static final int READ_AHEAD = 8 * 32;

    private final PromQlEngine engine = new PromQlEngine(EngineOptions.DEFAULT.withMaxSamples(MAX_SAMPLES));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x",
                "abs(x)",
                "rate(x[5m])",
                "x + 1",
                "-x",
                "sort(x)",
                "sort_by_label(x, \"i\")",
                "topk(3, x)",
                "bottomk by (i) (1, x)",
                "limitk(10, x)",
                "quantile by (i) (0.5, x)",
                "sum by (i) (x)",
                "avg by (i) (x)",
                "stddev by (i) (rate(x[5m]))",
                "count_values(\"v\", x)",
                "count_values by (i) (\"v\", x)",
                "histogram_quantile(0.9, x)",
                "label_replace(x, \"j\", \"$1\", \"i\", \"(.*)\")",
                "sum(label_join(x, \"j\", \"-\", \"i\", \"i\"))",
                "x and x",
                "count(x unless x)",
                "x or x",
                "sum(x / on (i) x)",
                "count(x * on (i) group_left x)",
                "max_over_time(x[5m:1m])",
                "sum(abs(x))",
                "info(x)",
                "x[5m]",
                "sum by (i) (rate({__name__=~\".+\"}[5m]))"
            })
    void whatGrowsWithTheSeriesIsCounted(String query) {
        ManySeries store = new ManySeries(1);
        PromQlException failure = failure(store, query);

        assertEquals(Kind.EXECUTION, failure.kind());
        assertTrue(String.valueOf(failure.getMessage()).contains("too many samples into memory"), failure.toString());
        // A series that is kept takes 8 samples at the least.
        assertTrue(store.read.get() <= (MAX_SAMPLES - LISTED) / 8 + READ_AHEAD, "series read: " + store.read.get());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"sum(x)", "count(x)", "max(x)", "absent(x)", "stddev(x)", "scalar(x)", "group by (job) (x)"})
    void whatIsFoldedIsNotHeld(String query) {
        ManySeries store = new ManySeries(1);
        QueryResult result = engine.instant(store, query, 60_000, QueryOptions.DEFAULT);

        assertEquals(SERIES, store.read.get());
        assertTrue(
                result.statistics().peakSamples() < LISTED + 1000,
                result.statistics().toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "sum(x)", "rate(x[1d])", "max_over_time(x[1d])", "x[1d]"})
    void oneSeriesWithoutEndIsCountedAsItIsRead(String query) {
        EndlessSeries store = new EndlessSeries(false);

        assertEquals(Kind.EXECUTION, failure(store, query).kind());
        assertTrue(store.added <= MAX_SAMPLES, "samples read: " + store.added);
    }

    @Test
    void nativeHistogramsCountByTheirBuckets() {
        EndlessSeries store = new EndlessSeries(true);

        assertEquals(Kind.EXECUTION, failure(store, "rate(x[1d])").kind());
        assertTrue(store.added <= MAX_SAMPLES / EndlessSeries.HISTOGRAM.sizeInSamples(), "read: " + store.added);
    }

    @Test
    void nothingStaysHeldOnceAStreamHasPassed() {
        // Each of the sums takes the place of the one before.
        ManySeries store = new ManySeries(1000);
        String sums = "sum by (i) (x)";
        long one = peak(store, "sum(" + sums + ")");
        long many = peak(store, "sum(" + "sum by (i) (".repeat(10) + "x" + ")".repeat(10) + ")");

        assertTrue(many < 3 * one, one + " and " + many);
    }

    private static long peak(ManySeries store, String query) {
        return new PromQlEngine(EngineOptions.DEFAULT)
                .instant(store, query, 60_000, QueryOptions.DEFAULT)
                .statistics()
                .peakSamples();
    }

    private PromQlException failure(Queryable store, String query) {
        return assertThrows(
                PromQlException.class, () -> engine.instant(store, query, 60_000, QueryOptions.DEFAULT), query);
    }

    /** Series of two samples each, made as they are asked for. */
    private static final class ManySeries implements Queryable {
        private final int perLabel;
        private final AtomicInteger read = new AtomicInteger();

        ManySeries(int perLabel) {
            this.perLabel = perLabel;
        }

        @Override
        public List<StoredSeries> select(List<LabelMatcher> matchers, long minTimestampMs, long maxTimestampMs) {
            return new AbstractList<>() {
                @Override
                public StoredSeries get(int index) {
                    return series(index);
                }

                @Override
                public int size() {
                    return SERIES;
                }
            };
        }

        private StoredSeries series(int index) {
            return new StoredSeries() {
                @Override
                public Labels labels() {
                    return Labels.of(
                            "__name__",
                            "x",
                            "i",
                            "" + index / perLabel,
                            "k",
                            "" + index,
                            "le",
                            "1",
                            "job",
                            "j",
                            "instance",
                            "" + index);
                }

                @Override
                public void read(long minTimestampMs, long maxTimestampMs, SampleColumns into) {
                    read.incrementAndGet();
                    into.add(maxTimestampMs - 10_000, 1);
                    into.add(maxTimestampMs, 2 + index);
                }
            };
        }
    }

    /** One series that would fill any memory. */
    private static final class EndlessSeries implements Queryable, StoredSeries {
        static final FloatHistogram HISTOGRAM = FloatHistogram.builder().build();

        private final boolean ofHistograms;
        private long added;

        EndlessSeries(boolean ofHistograms) {
            this.ofHistograms = ofHistograms;
        }

        @Override
        public List<StoredSeries> select(List<LabelMatcher> matchers, long minTimestampMs, long maxTimestampMs) {
            return List.of(this);
        }

        @Override
        public Labels labels() {
            return Labels.of("__name__", "x");
        }

        @Override
        public void read(long minTimestampMs, long maxTimestampMs, SampleColumns into) {
            for (long t = minTimestampMs; ; t++) {
                if (ofHistograms) {
                    into.add(t, HISTOGRAM);
                } else {
                    into.add(t, 1);
                }
                added++;
            }
        }
    }
}
