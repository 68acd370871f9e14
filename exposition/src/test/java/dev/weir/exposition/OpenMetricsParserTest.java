package dev.weir.exposition;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.series.Labels;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OpenMetricsParserTest {
    @Test
    void counterFamilyIsNamedWithoutTotalAndItsSamplesWithIt() throws Exception {
        Exposition page = Pages.strictOpenMetrics("""
                # TYPE a_seconds counter
                # UNIT a_seconds seconds
                # HELP a_seconds how \\"long\\"
                a_seconds_total{b="c"} 1.5 12.5 # {trace="d"} 0.5 1.25
                a_seconds_created{b="c"} 10 12.5
                # EOF
                """);
        MetricFamily family = Objects.requireNonNull(page.family("a_seconds"));
        assertEquals(MetricType.COUNTER, family.type());
        assertEquals("seconds", family.unit());
        assertEquals("how \"long\"", family.help());
        Sample total = family.samples().get(0);
        assertEquals("a_seconds_total", total.name());
        assertEquals(12_500, total.timestampMs());
        assertEquals(new Exemplar(Labels.of("trace", "d"), 0.5, 1250), total.exemplar());
        assertEquals("a_seconds_created", family.samples().get(1).name());
    }

    @Test
    void pageWithoutEofIsCutOffAndRefusedInBothModes() {
        for (ParseMode mode : ParseMode.values()) {
            Pages.Failure failure = Pages.error("a 1\n", ExpositionFormat.OPENMETRICS_1_0, mode);
            assertEquals("2:1", failure.at());
            assertTrue(failure.message().contains("# EOF as its last line"), failure.message());
        }
    }

    @Test
    void familiesThatInterleaveAreTakenFromAScrapeAndRefusedInStrictMode() throws Exception {
        String body = "# TYPE a gauge\na{x=\"1\"} 1\nb 2\na{x=\"2\"} 3\n# EOF\n";
        assertEquals(3, Pages.openMetrics(body).sampleCount());
        assertEquals(
                "4:1",
                Pages.error(body, ExpositionFormat.OPENMETRICS_1_0, ParseMode.STRICT)
                        .at());
    }

    @Test
    void nativeHistogramIsReadAsItsCountAndSum() throws Exception {
        String body = """
                # TYPE n histogram
                n{a="b"} {count:24,sum:100,schema:0,zero_threshold:0.001,zero_count:4,positive_spans:[0:2,1:2],positive_deltas:[2,1,-3,3]}
                # EOF
                """;
        List<AssembledSeries> series = SeriesAssembler.assemble(Pages.strictOpenMetrics(body))
                .families()
                .get(0)
                .series();
        HistogramSeries histogram = (HistogramSeries) series.get(0);
        assertEquals(24, histogram.count());
        assertEquals(100, histogram.sum());
        assertEquals(Labels.of("a", "b"), histogram.labels());
        assertEquals(1, histogram.upperBounds().length);
    }

    @Test
    void nativeHistogramMayStandBesideItsClassicLines() throws Exception {
        String body = """
                # TYPE n histogram
                n {count:3,sum:4,schema:0}
                n_bucket{le="1"} 2
                n_bucket{le="+Inf"} 3
                n_count 3
                n_sum 4
                # EOF
                """;
        Assembly page = SeriesAssembler.assemble(Pages.strictOpenMetrics(body));
        HistogramSeries histogram =
                (HistogramSeries) page.families().get(0).series().get(0);
        assertArrayEquals(new double[] {2, 3}, histogram.cumulativeCounts());
        assertEquals(3, page.duplicateSamples());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{count:24",
                "{}",
                "{count:24}",
                "{count:24,sum:1,schema:0",
                "{count:24,sum:1,schema:x}",
                "{count:24,sum:1,schema:0} 1",
                "{count:24,sum:1,schema:0,positive_spans:[0:2}",
                "{count:24,sum:1,schema:0,colour:1}",
                "{count=24,sum=1,schema=0}",
            })
    void malformedNativeHistogramIsRefusedInBothModes(String value) {
        for (ParseMode mode : ParseMode.values()) {
            Pages.error("# TYPE n histogram\nn " + value + "\n# EOF\n", ExpositionFormat.OPENMETRICS_1_0, mode);
        }
    }

    @Test
    void trailingCommaAndBlankAfterACommaAreTakenFromAScrapeOnly() throws Exception {
        Pages.openMetrics("a{b=\"c\",} 1\n# EOF\n");
        assertThrows(ExpositionException.class, () -> Pages.strictOpenMetrics("a{b=\"c\",} 1\n# EOF\n"));
        Pages.openMetrics("a{b=\"c\", d=\"e\"} 1\n# EOF\n");
        assertThrows(ExpositionException.class, () -> Pages.strictOpenMetrics("a{b=\"c\", d=\"e\"} 1\n# EOF\n"));
    }

    @Test
    void exemplarsAreKept() throws Exception {
        Exposition page = Pages.openMetrics("# TYPE h histogram\nh_bucket{le=\"+Inf\"} 1 # {} 0.5\n# EOF");
        Exemplar exemplar =
                Objects.requireNonNull(page.families().get(0).samples().get(0).exemplar());
        assertEquals(0.5, exemplar.value());
        assertEquals(Sample.NO_TIMESTAMP, exemplar.timestampMs());
    }

    /** Ends of a gauge's line, all of them refused by Prometheus too. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "a",
                "a ",
                "a  1",
                "a 1 ",
                "a 1\t",
                "a\t1",
                "a 1 NaN",
                "a 1 +Inf",
                "a 1 1  ",
                "a 1 1 1",
                "a{ b=\"c\"} 1",
                "a{b =\"c\"} 1",
                "a{b=\"c\"}1",
                "a{b=\"c\"}  1",
                "a 1#",
                "a 1 #",
                "a 1 # {}",
                "a 1 # {} ",
                "a 1 #{} 1",
                "a 1 # {} 1 NaN",
                "a 1 # {\"x\"} 1",
                "# comment",
                "#",
                "# HELP a",
                "# HELP",
                "# TYPE a",
                "# TYPE a gauge ",
                "# TYPE a  gauge",
                "# TYPE a Gauge",
                "# TYPE a untyped",
                "# UNIT a",
                "# UNIT a s",
                "# UNIT s s",
                "",
                " a 1",
                "# EOF\na 1",
                "# EOF ",
                "a\u00e9 1",
                "a{\u00e9=\"1\"} 1",
            })
    void linesThatPrometheusRefusesAreRefusedInBothModes(String line) {
        for (ParseMode mode : ParseMode.values()) {
            Pages.error(line + "\n# EOF\n", ExpositionFormat.OPENMETRICS_1_0, mode);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "2:8|# TYPE a gauge;# TYPE a gauge;|second TYPE line for a",
                "3:8|# HELP a x;a 1;# TYPE a gauge;|TYPE line for a after its samples",
                "3:8|# TYPE a gauge;a 1;# HELP a x;|HELP line for a after its samples",
                "2:9|# TYPE a counter;a_total NaN;|value of a_total: NaN (expected: >= 0)",
                "2:9|# TYPE a counter;a_total -1;|value of a_total: -1.0",
                "2:1|# TYPE a counter;a 1;|name",
                "2:1|# TYPE a counter;a_created 1;|counter a without a total",
                "2:7|# TYPE a gauge;a 1 # {x=\"y\"} 1;|exemplar",
                "2:2|# TYPE a summary;a 1;|label quantile of a: null",
                "2:2|# TYPE a summary;a{quantile=\"1.5\"} 1;|label quantile of a: 1.5",
                "2:19|# TYPE a summary;a{quantile=\"0.5\"} -1;|quantile of a",
                "2:2|# TYPE a stateset;a 1;|stateset a without label a",
                "2:10|# TYPE a stateset;a{a=\"b\"} 2;|0 or 1",
                "2:8|# TYPE a info;a_info 2;|value of info a_info",
                "1:8|# TYPE a_s info;# UNIT a_s s;|unit of info a_s",
                "2:1|# TYPE a histogram;a_bucket{le=\"1\"} 1;|histogram a without its last bucket",
                "2:9|# TYPE a histogram;a_bucket 1;|label le of a_bucket",
                "2:9|# TYPE a histogram;a_bucket{le=\"+INF\"} 1;|label le",
                "3:9|# TYPE a histogram;a_bucket{le=\"2\"} 1;a_bucket{le=\"1\"} 1;|> 2.0",
                "3:18|# TYPE a histogram;a_bucket{le=\"1\"} 2;a_bucket{le=\"2\"} 1;|>= 2.0",
                "2:21|# TYPE a histogram;a_bucket{le=\"+Inf\"} 1.5;|an integer",
                "3:1|# TYPE a histogram;a_bucket{le=\"+Inf\"} 1;a_count 1;|count only",
                "4:1|# TYPE a histogram;a_bucket{le=\"+Inf\"} 1;a_count 2;a_sum 1;|that of +Inf, 1.0",
                "2:1|# TYPE a histogram;a_sum 1;|without its last bucket",
                "2:8|# TYPE a gaugehistogram;a_gsum NaN;|NaN",
                "2:8|# TYPE a_created gauge;# TYPE a counter;|no clash",
                "3:1|# TYPE a gauge;a 1;a 1;|second line for series a",
                "3:5|# TYPE a gauge;a 1 2;a 1 1;|timestamp of a: 1.0 (expected: >= 2.0, the one before)",
                "3:3|# TYPE a gauge;a 1 2;a 1;|with and without timestamps",
                "4:1|# TYPE a gauge;a{b=\"1\"} 1 1;a{b=\"2\"} 1 1;a{b=\"1\"} 1 2;|without another's between them",
            })
    void strictModeSaysWhereAPageLeavesTheSpecification(String at, String lines, String part) throws Exception {
        String body = lines.replace(';', '\n') + "# EOF\n";
        Pages.openMetrics(body);
        Pages.Failure failure = Pages.error(body, ExpositionFormat.OPENMETRICS_1_0, ParseMode.STRICT);
        assertTrue(failure.message().contains(part), failure.message());
        assertEquals(at, failure.at(), failure.message());
    }

    @Test
    void exemplarLabelsMayHave128CharactersAndNotOneMore() throws Exception {
        String head = "# TYPE a counter\na_total 1 # {a=\"";
        String tail = "\"} 1\n# EOF\n";
        Pages.strictOpenMetrics(head + "\u2603".repeat(127) + tail);
        assertThrows(ExpositionException.class, () -> Pages.strictOpenMetrics(head + "x".repeat(128) + tail));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "application/openmetrics-text; version=1.0.0; charset=utf-8|OPENMETRICS_1_0",
                "APPLICATION/OpenMetrics-Text|OPENMETRICS_1_0",
                "text/plain; version=0.0.4|TEXT_0_0_4",
                "text/html|TEXT_0_0_4",
                "|TEXT_0_0_4",
                "application/vnd.google.protobuf|PROTOBUF_DELIMITED",
                "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited|PROTOBUF_DELIMITED",
                "application/vnd.google.protobuf;proto=\"io.prometheus.client.MetricFamily\";escaping=values|PROTOBUF_DELIMITED",
            })
    void contentTypeChoosesTheFormatAndTextIsTheDefault(@Nullable String contentType, ExpositionFormat format)
            throws Exception {
        assertEquals(format, ExpositionFormat.ofContentType(contentType));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=text",
                "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=compact-text",
                "application/vnd.google.protobuf; proto=some.other.Message; encoding=delimited",
                "application/vnd.google.protobuf; proto=\n\u001b[31m; encoding=delimited",
            })
    void protobufThatIsNoDelimitedPageIsRefusedByName(String contentType) {
        ExpositionException e =
                assertThrows(ExpositionException.class, () -> ExpositionFormat.ofContentType(contentType));
        String message = String.valueOf(e.getMessage());
        assertTrue(message.startsWith("content type \"application/vnd.google.protobuf"), message);
        assertTrue(message.contains("(expected: "), message);
        assertTrue(message.chars().noneMatch(Character::isISOControl), message);
    }

    @Test
    void fallbackIsForContentTypesThatSayNothing() throws Exception {
        ExpositionFormat fallback = ExpositionFormat.PROTOBUF_DELIMITED;
        assertEquals(fallback, ExpositionFormat.ofContentType("", fallback));
        assertEquals(fallback, ExpositionFormat.ofContentType("application/octet-stream", fallback));
        assertEquals(ExpositionFormat.TEXT_0_0_4, ExpositionFormat.ofContentType("text/plain", fallback));
    }
}
