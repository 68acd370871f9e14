package dev.weir.exposition;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.series.Labels;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TextParserTest {
    @Test
    void typesComeFromTypeLinesAndNeverFromSuffixes() throws Exception {
        Exposition page = Pages.lenientText("""
                # TYPE vllm:iteration_tokens_total histogram
                vllm:iteration_tokens_total_bucket{le="1"} 2
                vllm:iteration_tokens_total_bucket{le="+Inf"} 3
                vllm:iteration_tokens_total_count 3
                vllm:iteration_tokens_total_sum 7
                # TYPE tensor_throughput_batch_count counter
                tensor_throughput_batch_count 12
                crusoe_requests_total 4
                """);
        assertEquals(MetricType.HISTOGRAM, type(page, "vllm:iteration_tokens_total"));
        assertEquals(MetricType.COUNTER, type(page, "tensor_throughput_batch_count"));
        assertEquals(MetricType.UNKNOWN, type(page, "crusoe_requests_total"));
        assertEquals(6, page.sampleCount());
    }

    @Test
    void countAndSumBelongToTheirHistogramOnlyIfTheyHaveNoTypeOfTheirOwn() throws Exception {
        Exposition page = Pages.lenientText("""
                # TYPE a histogram
                # TYPE a_count counter
                a_bucket{le="+Inf"} 1
                a_count 5
                a_sum 2
                """);
        assertEquals(2, family(page, "a").samples().size());
        assertEquals(1, family(page, "a_count").samples().size());
    }

    @Test
    void torchServesTrailingCommaIsAcceptedInBothModes() throws Exception {
        String line =
                "ts_inference_latency_microseconds{uuid=\"a\",model_name=\"b\",model_version=\"default\",} 94.9\n";
        for (ParseMode mode : ParseMode.values()) {
            Sample sample = ExpositionParser.parse(Pages.bytes(line), ExpositionFormat.TEXT_0_0_4, mode)
                    .families()
                    .get(0)
                    .samples()
                    .get(0);
            assertEquals(Labels.of("uuid", "a", "model_name", "b", "model_version", "default"), sample.labels());
            assertEquals(94.9, sample.value());
        }
    }

    @Test
    void familyWithHelpAndTypeOnlyIsKeptWithoutSamples() throws Exception {
        Exposition page = Pages.lenientText("# HELP QueueTime Torchserve unit: Milliseconds\n# TYPE QueueTime gauge\n");
        assertEquals(
                List.of(new MetricFamily(
                        "QueueTime", MetricType.GAUGE, "Torchserve unit: Milliseconds", "", List.of())),
                page.families());
    }

    @Test
    void linesOfAFamilyComeTogetherWhereverTheyStand() throws Exception {
        Exposition page = Pages.lenientText("# TYPE a counter\na 1\nb 2\na{x=\"1\"} 3\n# HELP a late\n");
        assertEquals(2, family(page, "a").samples().size());
        assertEquals("late", family(page, "a").help());
    }

    @Test
    void typeLineAfterItsSamplesStillTakesThem() throws Exception {
        Exposition page = Pages.lenientText("h_bucket{le=\"+Inf\"} 1\nh_sum 2\nh_count 1\n# TYPE h histogram\n");
        assertEquals(1, page.families().size());
        assertEquals(MetricType.HISTOGRAM, type(page, "h"));
        assertEquals(3, page.sampleCount());
    }

    @Test
    void wordThatNamesNoTypeMeansUnknownToAScrape() throws Exception {
        assertEquals(MetricType.UNKNOWN, type(Pages.lenientText("# TYPE a widget\na 1\n"), "a"));
        assertEquals("1:10", Pages.strictTextError("# TYPE a widget\na 1\n").at());
    }

    @Test
    void windowsLineEndsAndAMissingLastLineFeedCostNoScrape() throws Exception {
        Exposition page = Pages.lenientText("# HELP a text\r\n# TYPE a gauge\r\na{b=\"c\"} 1\r\n\r\na 2 30\r\nc 3");
        assertEquals("text", family(page, "a").help());
        assertEquals(3, page.sampleCount());
        assertEquals(30, family(page, "a").samples().get(1).timestampMs());
        Pages.strictTextError("a 1\r\n");
        Pages.strictTextError("a 1");
    }

    @Test
    void exemplarOfAnOpenMetricsPageServedAsTextIsPassedOver() throws Exception {
        Exposition page = Pages.lenientText("a_bucket{le=\"1\"} 4 # {trace_id=\"x\"} 0.5 1.5\n# EOF\n");
        assertEquals(4, page.families().get(0).samples().get(0).value());
        assertNull(page.families().get(0).samples().get(0).exemplar());
    }

    @Test
    void namesInQuotesMayBeAnything() throws Exception {
        Exposition page =
                Pages.lenientText("# TYPE \"my.metric\" counter\n{\"my.metric\", \"a b\"=\"c\", d=\"e\"} 1\n");
        assertEquals(MetricType.COUNTER, type(page, "my.metric"));
        assertEquals(
                Labels.of("a b", "c", "d", "e"),
                family(page, "my.metric").samples().get(0).labels());
    }

    @Test
    void escapesAreUndoneInHelpAndLabels() throws Exception {
        Exposition page = Pages.lenientText("# HELP a x\\ny\\\\z\na{b=\"q\\\"u\\\\o\\nt\\e\"} 1\n");
        assertEquals("x\ny\\z", family(page, "a").help());
        assertEquals(
                "q\"u\\o\nt\\e", family(page, "a").samples().get(0).labels().get("b"));
    }

    @Test
    void loneCommaInBracesMeansNoLabels() throws Exception {
        assertEquals(
                Labels.EMPTY,
                Pages.strictText("a{ , } 1\n")
                        .families()
                        .get(0)
                        .samples()
                        .get(0)
                        .labels());
    }

    @Test
    void equalBlocksWithDifferentQuotedNamesAreToldApart() throws Exception {
        Exposition page = Pages.lenientText("{\"a\",x=\"1\"} 1\n{\"b\",x=\"1\"} 2\n{\"a\",x=\"2\"} 3\n");
        assertEquals(2, page.families().size());
        assertEquals(2, family(page, "a").samples().size());
    }

    @Test
    void rawLineFeedInALabelIsTakenAsPrometheusTakesItAndLinesAreStillCounted() throws Exception {
        Exposition page = Pages.lenientText("a{b=\"c\nd\"} 1\n");
        assertEquals("c\nd", page.families().get(0).samples().get(0).labels().get("b"));
        assertEquals("3:3", Pages.lenientTextError("a{b=\"c\nd\"} 1\nx y\n").at());
        assertEquals("1:5", Pages.strictTextError("a{b=\"c\nd\"} 1\n").at());
    }

    @ParameterizedTest
    @CsvSource({
        "1,1",
        "0,0",
        "-0,-0.0",
        "+5,5",
        "12.5,12.5",
        ".3,0.3",
        "5.,5",
        "08,8",
        "1e3,1000",
        "1E+03,1000",
        "1.7560473e+06,1756047.3",
        "9223372036854775808,9.223372036854775807E18",
        "0.1234567890123456789,0.12345678901234568",
        "1e-400,0",
        "1e400,Infinity",
        "+Inf,Infinity",
        "-inf,-Infinity",
        "Infinity,Infinity",
        "NaN,NaN",
        "nan,NaN",
        "123456789012345678,123456789012345680",
        "1e+010,10000000000",
    })
    void numbersAreReadToTheLastBit(String text, double expected) throws Exception {
        Exposition page = Pages.lenientText("a " + text + "\n");
        double value = page.families().get(0).samples().get(0).value();
        assertEquals(Double.doubleToLongBits(expected), Double.doubleToLongBits(value));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0x1",
                "0x1p-3",
                "1_2",
                "1d",
                "1f",
                "1e",
                "1e+",
                "e5",
                ".",
                "-",
                "+",
                "--1",
                "1.2.3",
                "1,5",
                "+NaN",
                "infinit",
                "Infinityy",
                "true",
                "0b1",
                "1 2 3",
                "1 1.5",
                "1 x",
                "1 9223372036854775808",
                "1 1_2",
                "",
            })
    void whatIsNoNumberIsRefusedInBothModes(String rest) throws Exception {
        Pages.lenientTextError("a " + rest + "\n");
        Pages.strictTextError("a " + rest + "\n");
    }

    @Test
    void timestampsAreSignedMilliseconds() throws Exception {
        List<Sample> samples = Pages.lenientText("a 1 -5\na 1 1395066363000\na 1\n")
                .families()
                .get(0)
                .samples();
        assertEquals(-5, samples.get(0).timestampMs());
        assertEquals(1395066363000L, samples.get(1).timestampMs());
        assertTrue(!samples.get(2).hasTimestamp());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1:1|<html><body>Not Found</body></html>|metric name: \"<html><body>Not Found</body></html>\"",
                "1:3|a{=\"b\"} 1|label name",
                "1:5|a{b='c'} 1|value of label b",
                "1:9|a{b=\"c\" d=\"e\"} 1|a comma or closing brace",
                "1:3|a{,b=\"c\"} 1|label name",
                "1:2|a{b=\"c\",b=\"d\"} 1|two labels b",
                "1:3|a{__name__=\"b\"} 1|other than __name__",
                "1:5|a{b=\"c} 1|a closing quote",
                "1:8|a{b=\"c\"|a comma or closing brace after a label",
                "1:1|{b=\"c\"} 1|a metric name",
                "1:6|{\"a\",\"b\"} 1|one metric name",
                "1:1|a{\"b\"} 1|one metric name",
                "1:2|{\"\"} 1|at least one character",
                "1:8|# TYPE #|metric name after # TYPE: \"#\" (expected: a letter, _ or :)",
                "1:8|# HELP 9a b|metric name after # HELP",
                "1:2|a|value: end of page",
                "1:3|a true|value: \"true\" (expected: a decimal number, Inf or NaN)",
                "1:7|a 1 2 3|after the sample: \"3\" (expected: the end of the line)",
            })
    void errorsNameLineColumnOffenderAndExpectation(String at, String body, String part) throws Exception {
        Pages.Failure failure = Pages.lenientTextError(body);
        assertEquals(at, failure.at());
        assertTrue(failure.message().contains(part), failure.message());
    }

    @Test
    void errorCountsLinesFromTheStartOfThePage() throws Exception {
        assertEquals(
                "4:6", Pages.lenientTextError("# HELP a b\n\na 1\nabcd x\n").at());
    }

    @Test
    void partOfAnArrayIsParsedAsIfItStoodAlone() throws Exception {
        byte[] body = Pages.bytes("###a 12\n9999");
        Exposition page = ExpositionParser.parse(body, 3, 5, ExpositionFormat.TEXT_0_0_4, ParseMode.STRICT);
        assertEquals(12, page.families().get(0).samples().get(0).value());
    }

    @Test
    void duplicateLinesAreKeptByTheParserAndRefusedInStrictMode() throws Exception {
        assertEquals(2, Pages.lenientText("a 1\na 2\n").sampleCount());
        assertEquals("2:1", Pages.strictTextError("a 1\na 2\n").at());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "# TYPE m summary\nm{quantile=\"bla\"} 3.14\n",
                "# TYPE m histogram\nm_bucket{le=\"bla\"} 3.14\n",
                "# TYPE m histogram\nm_bucket 3.14\n",
                "# HELP m one\n# HELP m two\n",
                "# TYPE met-ric counter\n",
                "{\"a\\tb\"} 1\n",
                "# TYPE m counter\n# TYPE m counter\n",
                "m_count 1\n# TYPE m histogram\n",
                "# TYPE m histogram\nm_count -1\n",
                "m 1e999\n",
                "m 1 # {} 1\n",
            })
    void strictModeRefusesWhatAScrapeForgives(String body) throws Exception {
        Pages.lenientText(body);
        Pages.strictTextError(body);
    }

    private static MetricFamily family(Exposition page, String name) {
        return Objects.requireNonNull(page.family(name), name);
    }

    private static MetricType type(Exposition page, String name) {
        return family(page, name).type();
    }
}
