package dev.weir.exposition;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.exposition.client.BucketValue;
import dev.weir.exposition.client.CounterValue;
import dev.weir.exposition.client.ExemplarValue;
import dev.weir.exposition.client.Family;
import dev.weir.exposition.client.GaugeValue;
import dev.weir.exposition.client.HistogramValue;
import dev.weir.exposition.client.LabelPair;
import dev.weir.exposition.client.MetricValue;
import dev.weir.exposition.client.QuantileValue;
import dev.weir.exposition.client.SummaryValue;
import dev.weir.exposition.client.Type;
import dev.weir.exposition.client.UntypedValue;
import dev.weir.series.BucketCounts;
import dev.weir.series.FloatHistogram;
import dev.weir.series.Labels;
import java.io.ByteArrayOutputStream;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProtobufParserTest {
    private static final HistogramValue.Builder CLASSIC = HistogramValue.newBuilder()
            .setSampleCount(7)
            .setSampleSum(12.5)
            .addBucket(Families.bucket(0.005, 1))
            .addBucket(Families.bucket(1, 4))
            .addBucket(Families.bucket(1e7, 6))
            .setCreatedTimestamp(Families.time(1_700_000_002, 250_000_000));

    @Test
    void pageIsWhatTheSamePageIsInOpenMetrics() throws Exception {
        String text = """
                # HELP c_total help of c_total
                # TYPE c_total counter
                c_total{a="x"} 3.5
                c_total{a="\u00e9"} 0.0
                # HELP g help of g
                # TYPE g gauge
                g -2.5 1700000009.123
                # HELP h help of h
                # TYPE h histogram
                h_bucket{p="1",le="0.005"} 1
                h_bucket{p="1",le="1.0"} 4
                h_bucket{p="1",le="1e+07"} 6
                h_bucket{p="1",le="+Inf"} 7
                h_sum{p="1"} 12.5
                h_count{p="1"} 7
                h_created{p="1"} 1700000002.25
                # HELP s help of s
                # TYPE s summary
                s{quantile="0.5"} 0.25
                s{quantile="1.0"} NaN
                s_sum 8.5
                s_count 17
                s_created 1700000003.0
                # HELP u help of u
                # TYPE u unknown
                u 1.0
                # EOF
                """;
        Family counters = Families.family(
                "c_total",
                Type.COUNTER,
                Families.metric("a", "x")
                        .setCounter(CounterValue.newBuilder().setValue(3.5))
                        .build(),
                Families.metric("a", "\u00e9")
                        .setCounter(CounterValue.newBuilder())
                        .build());
        Family gauge = Families.family(
                "g",
                Type.GAUGE,
                Families.metric()
                        .setGauge(GaugeValue.newBuilder().setValue(-2.5))
                        .setTimestampMs(1_700_000_009_123L)
                        .build());
        Family histogram = Families.family("h", Type.HISTOGRAM, Families.histogram(CLASSIC, "p", "1"));
        Family summary = Families.family(
                "s",
                Type.SUMMARY,
                Families.metric()
                        .setSummary(SummaryValue.newBuilder()
                                .setSampleCount(17)
                                .setSampleSum(8.5)
                                .setCreatedTimestamp(Families.time(1_700_000_003, 0))
                                .addQuantile(QuantileValue.newBuilder()
                                        .setQuantile(0.5)
                                        .setValue(0.25))
                                .addQuantile(QuantileValue.newBuilder()
                                        .setQuantile(1)
                                        .setValue(Double.NaN)))
                        .build());
        Family untyped = Families.family(
                "u",
                Type.UNTYPED,
                Families.metric()
                        .setUntyped(UntypedValue.newBuilder().setValue(1))
                        .build());
        assertEquals(
                Families.describe(
                        SeriesAssembler.assemble(Pages.openMetrics(text)).families()),
                Families.describe(Families.assemble(counters, gauge, histogram, summary, untyped)));
    }

    @Test
    void counterKnowsItsStart() throws Exception {
        AssembledSeries counter = Families.assemble(
                        Families.family("c_total", Type.COUNTER, Families.counter(3, 1_700_000_000, "a", "b")))
                .get(0)
                .series()
                .get(0);
        assertEquals(1_700_000_000_000L, counter.createdMs());
        assertEquals(Labels.of("a", "b"), counter.labels());
    }

    @Test
    void fieldsMayStandInAnyOrder() throws Exception {
        MetricValue usual = Families.counter(3, 5, "a", "b");
        byte[] value = usual.toBuilder().clearLabel().build().toByteArray();
        byte[] labels = usual.toBuilder().clearCounter().build().toByteArray();
        ByteArrayOutputStream family = new ByteArrayOutputStream();
        family.writeBytes(new byte[] {0x22, (byte) (value.length + labels.length)});
        family.writeBytes(value);
        family.writeBytes(labels);
        family.writeBytes(Family.newBuilder().setType(Type.COUNTER).build().toByteArray());
        family.writeBytes(
                Family.newBuilder().setName("c").setHelp("help of c").build().toByteArray());
        ByteArrayOutputStream page = new ByteArrayOutputStream();
        page.write(family.size());
        page.writeBytes(family.toByteArray());
        assertEquals(
                Families.parse(Families.page(Families.family("c", Type.COUNTER, usual))),
                Families.parse(page.toByteArray()));
    }

    @Test
    void zeroTimestampIsNone() throws Exception {
        MetricValue counter =
                Families.counter(3, 5).toBuilder().setTimestampMs(0).build();
        Sample sample = Families.parse(Families.page(Families.family("c", Type.COUNTER, counter)))
                .families()
                .get(0)
                .samples()
                .get(0);
        assertFalse(sample.hasTimestamp());
    }

    @Test
    void integerNativeHistogramHasTheBucketsThatItsSpansAndDeltasSay() throws Exception {
        HistogramValue.Builder both = CLASSIC.clone()
                .setSampleCount(20)
                .setSchema(3)
                .setZeroThreshold(0.001)
                .setZeroCount(2)
                .addPositiveSpan(Families.span(-3, 2))
                .addPositiveSpan(Families.span(0, 1))
                .addPositiveSpan(Families.span(4, 1))
                .addAllPositiveDelta(List.of(1L, 4L, -3L, 5L))
                .addNegativeSpan(Families.span(9, 1))
                .addNegativeDelta(3);
        List<AssembledSeries> series = Families.assemble(
                        Families.family("h", Type.HISTOGRAM, Families.histogram(both, "a", "b")))
                .get(0)
                .series();
        assertEquals(2, series.size());
        assertEquals(20, ((HistogramSeries) series.get(0)).count());
        FloatHistogram expected = FloatHistogram.builder()
                .schema(3)
                .count(20)
                .sum(12.5)
                .zero(0.001, 2)
                .positive(BucketCounts.of(new int[] {-3, -2, -1, 4}, new double[] {1, 5, 2, 7}))
                .negative(BucketCounts.of(new int[] {9}, new double[] {3}))
                .build();
        NativeHistogramSeries histogram = (NativeHistogramSeries) series.get(1);
        assertEquals(expected, histogram.histogram());
        assertEquals(Labels.of("a", "b"), histogram.labels());
        assertEquals("h", histogram.name());
        assertEquals(1_700_000_002_250L, histogram.createdMs());
    }

    @Test
    void floatNativeHistogramHasTheCountsAsTheyAre() throws Exception {
        HistogramValue.Builder floats = HistogramValue.newBuilder()
                .setSampleCountFloat(4.5)
                .setSampleSum(2)
                .setSchema(-4)
                .setZeroCountFloat(0.5)
                .addPositiveSpan(Families.span(1, 2))
                .addAllPositiveCount(List.of(1.5, 2.5));
        List<AssembledSeries> series = Families.assemble(
                        Families.family("h", Type.GAUGE_HISTOGRAM, Families.histogram(floats)))
                .get(0)
                .series();
        NativeHistogramSeries histogram = (NativeHistogramSeries) series.get(1);
        assertTrue(histogram.gauge());
        assertEquals(FloatHistogram.ResetHint.GAUGE, histogram.histogram().resetHint());
        assertEquals(4.5, histogram.histogram().count());
        assertEquals(
                BucketCounts.of(new int[] {1, 2}, new double[] {1.5, 2.5}),
                histogram.histogram().positive());
        HistogramSeries classic = (HistogramSeries) series.get(0);
        assertTrue(classic.gauge());
        assertArrayEquals(new double[] {4.5}, classic.cumulativeCounts());
    }

    @Test
    void histogramWithoutClassicBucketsHasItsCountAsOneAsInText() throws Exception {
        HistogramValue.Builder nativeOnly = HistogramValue.newBuilder()
                .setSampleCount(3)
                .setSampleSum(9)
                .addPositiveSpan(Families.span(0, 1))
                .addPositiveDelta(3);
        List<AssembledSeries> series = Families.assemble(
                        Families.family("h", Type.HISTOGRAM, Families.histogram(nativeOnly)))
                .get(0)
                .series();
        HistogramSeries classic = (HistogramSeries) series.get(0);
        assertArrayEquals(new String[] {"+Inf"}, classic.le());
        assertEquals(3, classic.count());
        assertEquals(9, classic.sum());
    }

    @Test
    void emptyNativeHistogramIsToldFromAClassicOneByItsEmptySpan() throws Exception {
        HistogramValue.Builder empty = HistogramValue.newBuilder().setSampleCount(0);
        assertEquals(1, seriesOf(empty).size());
        assertEquals(
                2, seriesOf(empty.clone().addPositiveSpan(Families.span(0, 0))).size());
        assertEquals(2, seriesOf(empty.clone().setZeroThreshold(1e-128)).size());
    }

    @Test
    void observationsThatAreNoNumberAreInNoBucket() throws Exception {
        HistogramValue.Builder histogram = HistogramValue.newBuilder()
                .setSampleCount(4)
                .setSampleSum(Double.NaN)
                .addPositiveSpan(Families.span(0, 1))
                .addPositiveDelta(3);
        assertEquals(2, seriesOf(histogram).size());
    }

    @Test
    void exemplarsStandAtTheirSamples() throws Exception {
        ExemplarValue exemplar = ExemplarValue.newBuilder()
                .addLabel(LabelPair.newBuilder().setName("trace_id").setValue("t1"))
                .setValue(0.7)
                .setTimestamp(Families.time(5, 1_000_000))
                .build();
        ExemplarValue older =
                exemplar.toBuilder().setTimestamp(Families.time(4, 0)).build();
        Family counter = Families.family(
                "c_total",
                Type.COUNTER,
                Families.metric()
                        .setCounter(CounterValue.newBuilder().setValue(1).setExemplar(exemplar))
                        .build());
        Family histogram = Families.family(
                "h",
                Type.HISTOGRAM,
                Families.histogram(HistogramValue.newBuilder()
                        .setSampleCount(1)
                        .addBucket(BucketValue.newBuilder()
                                .setUpperBound(1)
                                .setCumulativeCount(1)
                                .setExemplar(exemplar))
                        .addPositiveSpan(Families.span(0, 1))
                        .addPositiveDelta(1)
                        .addExemplars(exemplar)
                        .addExemplars(older)));
        Exposition page = Families.parse(Families.page(counter, histogram));
        Exemplar expected = new Exemplar(Labels.of("trace_id", "t1"), 0.7, 5_001);
        assertEquals(expected, page.families().get(0).samples().get(0).exemplar());
        List<Sample> samples = page.families().get(1).samples();
        assertEquals(expected, samples.get(0).exemplar());
        assertEquals(expected, samples.get(samples.size() - 1).exemplar());
    }

    @Test
    void packedDeltasAndCountsAreReadToo() throws Exception {
        // The histogram of schema 0 with span (0, 2) and packed deltas 2, -1; sample_count 3.
        byte[] page = {
            23, 0x0a, 1, 'h', 0x18, 4, 0x22, 16, 0x3a, 14, 0x08, 3, 0x62, 4, 0x08, 0, 0x10, 2, 0x6a, 2, 4, 1, 0x28, 0
        };
        NativeHistogramSeries histogram = (NativeHistogramSeries) SeriesAssembler.assemble(Families.parse(page))
                .families()
                .get(0)
                .series()
                .get(1);
        assertEquals(BucketCounts.adjacent(0, 2, 1), histogram.histogram().positive());
    }

    @Test
    void unitAndHelpAreTheFamilys() throws Exception {
        Family family = Families.family("x_seconds", Type.GAUGE).toBuilder()
                .setUnit("seconds")
                .setHelp("a \\ b")
                .build();
        AssembledFamily read = Families.assemble(family).get(0);
        assertEquals("seconds", read.unit());
        assertEquals("a \\ b", read.help());
    }

    @Test
    void familyThatComesTwiceIsOne() throws Exception {
        Family family = Families.family("c_total", Type.COUNTER, Families.counter(1, 5, "a", "1"));
        Family more = Families.family("c_total", Type.COUNTER, Families.counter(2, 5, "a", "2"));
        List<AssembledFamily> families = Families.assemble(family, more);
        assertEquals(1, families.size());
        assertEquals(2, families.get(0).series().size());
    }

    @Test
    void emptyPageHasNothing() throws Exception {
        assertTrue(Families.parse(new byte[0]).families().isEmpty());
    }

    @Test
    void printedPageShowsNativeHistogramsByTheirBuckets() throws Exception {
        String text = SnapshotPrinter.render(Families.parse(Families.page(Families.family(
                "h",
                Type.HISTOGRAM,
                Families.histogram(HistogramValue.newBuilder()
                        .setSampleCount(4)
                        .setSampleSum(5)
                        .setSchema(1)
                        .setZeroThreshold(0.5)
                        .setZeroCount(1)
                        .addPositiveSpan(Families.span(1, 2))
                        .addAllPositiveDelta(List.of(2L, -1L)))))));
        assertTrue(text.contains("NATIVE HISTOGRAMS (1)"), text);
        assertTrue(text.contains("[-0.5,0.5]"), text);
        assertTrue(text.contains("(1,1.41421]"), text);
        assertFalse(text.contains("OTHERS"), text);
    }

    @Test
    void snapshotHasTheClassicPart() throws Exception {
        HistogramValue.Builder both =
                CLASSIC.clone().addPositiveSpan(Families.span(0, 1)).addPositiveDelta(7);
        List<Metric> metrics = Snapshot.of(
                Families.parse(Families.page(Families.family("h", Type.HISTOGRAM, Families.histogram(both)))));
        assertEquals(1, metrics.size());
        assertEquals(7, ((Histogram) metrics.get(0)).count());
    }

    private static List<AssembledSeries> seriesOf(HistogramValue.Builder histogram) throws ExpositionException {
        MetricValue metric = Families.histogram(histogram);
        return Families.assemble(Families.family("h", Type.HISTOGRAM, metric))
                .get(0)
                .series();
    }
}
