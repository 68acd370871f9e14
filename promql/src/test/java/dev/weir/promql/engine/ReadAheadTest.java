package dev.weir.promql.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.weir.promql.storage.Queryable;
import dev.weir.promql.storage.SampleColumns;
import dev.weir.promql.storage.StoredSeries;
import dev.weir.promql.value.MatrixSeries;
import dev.weir.promql.value.MatrixValue;
import dev.weir.promql.value.PromQlException;
import dev.weir.series.FloatHistogram;
import dev.weir.series.LabelMatcher;
import dev.weir.series.Labels;
import dev.weir.series.StaleMarker;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whoever reads a series, the query gets each with its own samples. */
class ReadAheadTest {
    private static final long END_MS = 10_000_000;

    private final PromQlEngine engine = new PromQlEngine(EngineOptions.DEFAULT);

    @ParameterizedTest
    @CsvSource({"1, 5", "63, 5", "64, 5", "65, 1", "1000, 20", "1041, 300", "80, 40000", "70, 200000"})
    void givesEverySeriesItsOwnSamples(int series, int samples) {
        for (int round = 0; round < 5; round++) {
            Numbered store = new Numbered(series, samples, -1);
            MatrixValue value = (MatrixValue) engine.range(
                            store,
                            "count_over_time(x[1w]) * 1000 + last_over_time(x[1w])",
                            END_MS,
                            END_MS,
                            1,
                            QueryOptions.DEFAULT)
                    .value();

            assertEquals(series, value.series().size());
            for (MatrixSeries one : value.series()) {
                int number = Integer.parseInt(one.labels().getOrEmpty("i"));
                assertEquals(
                        1000.0 * Numbered.count(number, samples) + number,
                        one.samples().value(0));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"10", "400", "1000"})
    void givesEverySeriesItsOwnRates(int series) {
        for (int round = 0; round < 5; round++) {
            MatrixValue value = (MatrixValue) engine.range(
                            new Rising(series), "rate(x[1m])", END_MS - 100_000, END_MS, 1000, QueryOptions.DEFAULT)
                    .value();

            // One in seven has stale markers alone.
            assertEquals(series - (series + 6) / 7, value.series().size());
            for (MatrixSeries one : value.series()) {
                int number = Integer.parseInt(one.labels().getOrEmpty("i"));
                assertEquals(101, one.samples().size());
                for (int i = 0; i < 101; i++) {
                    FloatHistogram histogram = one.samples().histogram(i);
                    assertEquals(number % 5 == 1, histogram != null);
                    double rate = histogram == null ? one.samples().value(i) : histogram.sum();
                    assertEquals(number, rate, 1e-9 * number);
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"0", "1", "100", "499"})
    void failureOfOneSeriesIsTheQuerys(int broken) {
        IllegalStateException failure = assertThrows(
                IllegalStateException.class,
                () -> engine.instant(new Numbered(500, 10, broken), "sum(x)", END_MS, QueryOptions.DEFAULT));

        assertEquals("broken", failure.getMessage());
    }

    @Test
    void whatIsReadAheadCountsAsHeld() {
        PromQlEngine small = new PromQlEngine(EngineOptions.DEFAULT.withMaxSamples(50_000));

        assertThrows(
                PromQlException.class,
                () -> small.instant(
                        new Numbered(200, 3000, -1), "sum(count_over_time(x[1w]))", END_MS, QueryOptions.DEFAULT));
    }

    /** Series whose values are their number; the later ones have up to twice as many samples. */
    private record Numbered(int series, int samples, int broken) implements Queryable {
        static int count(int number, int samples) {
            return samples + number % (samples + 1);
        }

        @Override
        public List<StoredSeries> select(List<LabelMatcher> matchers, long minTimestampMs, long maxTimestampMs) {
            return IntStream.range(0, series).mapToObj(this::one).toList();
        }

        private StoredSeries one(int number) {
            return new StoredSeries() {
                @Override
                public Labels labels() {
                    return Labels.of("__name__", "x", "i", "" + number);
                }

                @Override
                public void read(long minTimestampMs, long maxTimestampMs, SampleColumns into) {
                    if (number == broken) {
                        throw new IllegalStateException("broken");
                    }
                    int count = count(number, samples);
                    for (int i = 0; i < count; i++) {
                        into.add(END_MS - count + 1 + i, number);
                    }
                }
            };
        }
    }

    /** Series that rise by their number each second: most of floats, some of native histograms, some with nothing. */
    private record Rising(int series) implements Queryable {
        @Override
        public List<StoredSeries> select(List<LabelMatcher> matchers, long minTimestampMs, long maxTimestampMs) {
            return IntStream.range(0, series).mapToObj(this::one).toList();
        }

        private StoredSeries one(int number) {
            return new StoredSeries() {
                @Override
                public Labels labels() {
                    return Labels.of("__name__", "x", "i", "" + number);
                }

                @Override
                public void read(long minTimestampMs, long maxTimestampMs, SampleColumns into) {
                    for (int i = 0; i < 200; i++) {
                        long timestampMs = END_MS - (199 - i) * 1000L;
                        double sum = 1e6 + (double) number * i;
                        if (number % 7 == 0) {
                            into.add(timestampMs, StaleMarker.VALUE);
                        } else if (number % 5 == 1) {
                            into.add(
                                    timestampMs,
                                    FloatHistogram.builder().sum(sum).build());
                        } else {
                            into.add(timestampMs, sum);
                        }
                    }
                }
            };
        }
    }
}
