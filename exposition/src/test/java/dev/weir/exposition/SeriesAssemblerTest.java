package dev.weir.exposition;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.series.Labels;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class SeriesAssemblerTest {
    @Test
    void createdGaugeOfATextPageIsTheStartOfItsCounterAndNoFamily() throws Exception {
        Assembly page = assemble("""
                # TYPE vllm:generation_tokens_total counter
                vllm:generation_tokens_total{engine="0"} 42
                vllm:generation_tokens_total{engine="1"} 43
                # TYPE vllm:generation_tokens_created gauge
                vllm:generation_tokens_created{engine="0"} 1.785966956844271e+09
                """);
        assertEquals(List.of("vllm:generation_tokens_total"), names(page));
        List<AssembledSeries> series = page.families().get(0).series();
        assertEquals(1785966956844L, series.get(0).createdMs());
        assertEquals(Sample.NO_TIMESTAMP, series.get(1).createdMs());
    }

    @Test
    void createdGaugeThatStandsBeforeItsHistogramCountsToo() throws Exception {
        Assembly page = assemble("""
                # TYPE h_created gauge
                h_created{a="b"} 1.5
                # TYPE h histogram
                h_bucket{a="b",le="+Inf"} 1
                h_count{a="b"} 1
                h_sum{a="b"} 2
                # TYPE s summary
                s_count 1
                s_sum 2
                s_created 2.5
                """);
        assertEquals(List.of("h", "s"), names(page));
        assertEquals(1500, page.families().get(0).series().get(0).createdMs());
        assertEquals(2500, page.families().get(1).series().get(0).createdMs());
    }

    @Test
    void gaugeNamedCreatedWithoutACounterBesideItIsAFamily() throws Exception {
        assertEquals(
                List.of("kube_pod_created"), names(assemble("# TYPE kube_pod_created gauge\nkube_pod_created 1\n")));
        assertEquals(
                List.of("kube_pod", "kube_pod_created"),
                names(assemble("# TYPE kube_pod gauge\nkube_pod 1\nkube_pod_created 1\n")));
    }

    @Test
    void createdOfOpenMetricsIsTheStartOfItsSeries() throws Exception {
        Assembly page = SeriesAssembler.assemble(
                Pages.openMetrics("# TYPE a counter\na_total{x=\"y\"} 1\na_created{x=\"y\"} 123.456\n# EOF\n"));
        assertEquals(
                List.of(new PointSeries(
                        "a_total", Labels.of("x", "y"), MetricType.COUNTER, 1, 123_456, Sample.NO_TIMESTAMP)),
                page.families().get(0).series());
    }

    @Test
    void histogramIsPutTogetherFromItsLinesInAnyOrder() throws Exception {
        HistogramSeries histogram = (HistogramSeries) onlySeries("""
                # TYPE h histogram
                h_sum{x="y"} 7.5
                h_bucket{le="+Inf",x="y"} 5
                h_bucket{le="0.5",x="y"} 2
                h_count{x="y"} 5
                h_bucket{le="1.0",x="y"} 4
                """);
        assertEquals(Labels.of("x", "y"), histogram.labels());
        assertArrayEquals(new String[] {"0.5", "1.0", "+Inf"}, histogram.le());
        assertArrayEquals(new double[] {0.5, 1, Double.POSITIVE_INFINITY}, histogram.upperBounds());
        assertArrayEquals(new double[] {2, 4, 5}, histogram.cumulativeCounts());
        assertEquals(5, histogram.count());
        assertEquals(7.5, histogram.sum());
    }

    @Test
    void histogramsOfOneNameAreToldApartByTheirLabelsEvenIfTheirLinesInterleave() throws Exception {
        Assembly page = assemble("""
                # TYPE h histogram
                h_bucket{x="1",le="1"} 1
                h_bucket{x="2",le="1"} 2
                h_bucket{x="1",le="+Inf"} 3
                h_bucket{x="2",le="+Inf"} 4
                h_count{x="1"} 3
                h_count{x="2"} 4
                """);
        List<AssembledSeries> series = page.families().get(0).series();
        assertEquals(2, series.size());
        assertArrayEquals(new double[] {1, 3}, ((HistogramSeries) series.get(0)).cumulativeCounts());
        assertArrayEquals(new double[] {2, 4}, ((HistogramSeries) series.get(1)).cumulativeCounts());
        assertTrue(Double.isNaN(((HistogramSeries) series.get(0)).sum()));
    }

    @Test
    void missingInfiniteBucketComesFromTheCount() throws Exception {
        HistogramSeries histogram =
                (HistogramSeries) onlySeries("# TYPE h histogram\nh_bucket{le=\"1\"} 2\nh_count 3\nh_sum 4\n");
        assertArrayEquals(new String[] {"1", "+Inf"}, histogram.le());
        assertArrayEquals(new double[] {2, 3}, histogram.cumulativeCounts());
    }

    @Test
    void histogramWithoutBucketsHasOne() throws Exception {
        HistogramSeries histogram = (HistogramSeries) onlySeries("# TYPE h histogram\nh_count 3\nh_sum 4\n");
        assertArrayEquals(new double[] {Double.POSITIVE_INFINITY}, histogram.upperBounds());
        assertArrayEquals(new double[] {3}, histogram.cumulativeCounts());
    }

    @Test
    void infiniteBucketIsRightWhereTheCountDiffers() throws Exception {
        HistogramSeries histogram =
                (HistogramSeries) onlySeries("# TYPE h histogram\nh_bucket{le=\"+Inf\"} 2\nh_count 3\n");
        assertEquals(2, histogram.count());
    }

    @Test
    void linesThatMakeNoHistogramRemainAsPointsOfUnknownType() throws Exception {
        Assembly page = assemble("""
                # TYPE h histogram
                h_bucket{le="1"} 2
                h_bucket{x="y",le="one"} 3
                h_count{x="y"} 3
                h_sum{x="z"} 4
                h 5
                """);
        List<AssembledSeries> series = page.families().get(0).series();
        assertEquals(5, series.size());
        assertEquals(5, page.malformedSamples());
        for (AssembledSeries point : series) {
            assertEquals(MetricType.UNKNOWN, ((PointSeries) point).type());
        }
    }

    @Test
    void sampleThatWasRenamedOutOfItsFamilyRemainsAsAPoint() {
        Sample renamed = new Sample("x", Labels.EMPTY, 1, Sample.NO_TIMESTAMP, null);
        for (MetricType type : MetricType.values()) {
            MetricFamily family = new MetricFamily("family", type, "", "", List.of(renamed));
            List<AssembledSeries> series = SeriesAssembler.assemble(new Exposition(List.of(family)))
                    .families()
                    .get(0)
                    .series();
            assertEquals("x", series.get(0).name());
        }
    }

    @Test
    void summaryIsPutTogetherWithItsQuantilesAscending() throws Exception {
        SummarySeries summary = (SummarySeries) onlySeries("""
                # TYPE s summary
                s{quantile="0.99"} 3
                s{quantile="0.5"} 2
                s_sum 10
                s_count 4
                """);
        assertArrayEquals(new double[] {0.5, 0.99}, summary.quantiles());
        assertArrayEquals(new double[] {2, 3}, summary.values());
        assertEquals(10, summary.sum());
        assertEquals(4, summary.count());
    }

    @Test
    void firstOfSeveralLinesOfASeriesCountsAndTheOthersAreCounted() throws Exception {
        Assembly page = assemble("""
                # TYPE a counter
                a 1
                a 2
                # TYPE h histogram
                h_bucket{le="1"} 1
                h_bucket{le="1.0"} 9
                h_bucket{le="+Inf"} 1
                h_bucket{le="+Inf"} 9
                h_count 1
                h_count 9
                h_sum 1
                h_sum 9
                # TYPE s summary
                s{quantile="0.5"} 1
                s{quantile="0.5"} 9
                s_count 1
                s_count 9
                """);
        assertEquals(7, page.duplicateSamples());
        assertEquals(1, ((PointSeries) page.families().get(0).series().get(0)).value());
        HistogramSeries histogram =
                (HistogramSeries) page.families().get(1).series().get(0);
        assertArrayEquals(new double[] {1, 1}, histogram.cumulativeCounts());
        assertEquals(1, histogram.sum());
    }

    @Test
    void latestTimestampOfASeriesCounts() throws Exception {
        PointSeries point = (PointSeries) onlySeries("# TYPE a gauge\na 1 1000\na 2 2000\na 3 1500\n");
        assertEquals(2, point.value());
        assertEquals(2000, point.timestampMs());
        HistogramSeries histogram = (HistogramSeries) onlySeries("""
                # TYPE h histogram
                h_bucket{le="+Inf"} 1 1000
                h_count 1 1000
                h_bucket{le="+Inf"} 2 2000
                h_count 2 2000
                h_bucket{le="+Inf"} 1 1500
                """);
        assertEquals(2, histogram.count());
        assertEquals(2000, histogram.timestampMs());
    }

    @Test
    void openMetricsTypesThatAreSinglePointsKeepTheirType() throws Exception {
        Assembly page = SeriesAssembler.assemble(Pages.strictOpenMetrics("""
                # TYPE i info
                i_info{v="1"} 1
                # TYPE s stateset
                s{s="on"} 1
                s{s="off"} 0
                # TYPE g gaugehistogram
                g_bucket{le="1"} 1
                g_bucket{le="+Inf"} 2
                g_gcount 2
                g_gsum 3
                # EOF
                """));
        assertEquals(
                MetricType.INFO, ((PointSeries) page.families().get(0).series().get(0)).type());
        assertEquals(2, page.families().get(1).series().size());
        HistogramSeries histogram =
                (HistogramSeries) page.families().get(2).series().get(0);
        assertTrue(histogram.gauge());
        assertEquals(3, histogram.sum());
    }

    private static Assembly assemble(String body) throws ExpositionException {
        return SeriesAssembler.assemble(Pages.lenientText(body));
    }

    private static AssembledSeries onlySeries(String body) throws ExpositionException {
        List<AssembledSeries> series = assemble(body).families().get(0).series();
        assertEquals(1, series.size());
        return series.get(0);
    }

    private static List<String> names(Assembly page) {
        return page.families().stream().map(AssembledFamily::name).collect(Collectors.toList());
    }
}
