package dev.weir.exposition.layout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.exposition.Exposition;
import dev.weir.exposition.ExpositionException;
import dev.weir.exposition.ExpositionFormat;
import dev.weir.exposition.ExpositionParser;
import dev.weir.exposition.ParseMode;
import dev.weir.exposition.Sample;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PageLayoutTest {
    private static final ExpositionFormat TEXT = ExpositionFormat.TEXT_0_0_4;

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static PageLayout layout(String page, ExpositionFormat format) throws ExpositionException {
        NumberedPage numbered = NumberedPage.parse(bytes(page), 0, bytes(page).length, format);
        return Objects.requireNonNull(numbered.layout(), "no layout");
    }

    private static double[] read(PageLayout layout, String page) {
        LineValues values = new LineValues();
        assertTrue(layout.read(bytes(page), 0, bytes(page).length, values), page);
        double[] read = new double[values.size()];
        for (int i = 0; i < read.length; i++) {
            read[i] = values.value(i);
        }
        return read;
    }

    private static void assertOther(PageLayout layout, String page) {
        assertFalse(layout.read(bytes(page), 0, bytes(page).length, new LineValues()), page);
    }

    private static void assertValues(double[] read, double... expected) {
        assertEquals(expected.length, read.length);
        for (int i = 0; i < expected.length; i++) {
            assertEquals(Double.doubleToRawLongBits(expected[i]), Double.doubleToRawLongBits(read[i]), "line " + i);
        }
    }

    @Test
    void readsTheNumbersOfAPageThatDiffersInNumbersOnly() throws Exception {
        PageLayout layout = layout("# TYPE a counter\na 1\n\n# HELP b Of b.\nb{x=\"1\"} 2.5\n", TEXT);
        assertValues(
                read(layout, "# TYPE a counter\na 12345678.25\n\n# HELP b Of b.\nb{x=\"1\"} -0\n"), 12345678.25, -0.0);
    }

    @Test
    void numbersLinesAsTheyStandInThePageAndNotByFamily() throws Exception {
        String page = "b_sum 7\n# TYPE a gauge\na 5\n# TYPE b histogram\nb_bucket{le=\"+Inf\"} 6\n";
        NumberedPage numbered = NumberedPage.parse(bytes(page), 0, page.length(), TEXT);
        for (var family : numbered.lines().families()) {
            for (Sample sample : family.samples()) {
                double expected =
                        sample.name().equals("b_sum") ? 7 : sample.name().equals("a") ? 5 : 6;
                assertEquals(expected, numbered.values().value((int) sample.value()), sample.name());
            }
        }
        assertValues(read(Objects.requireNonNull(numbered.layout()), page), 7, 5, 6);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0",
                "-1",
                "+1",
                "1.",
                ".5",
                "1e3",
                "1E-3",
                "123456789012345",
                "1234567890123456",
                "0.1",
                "1.7976931348623157e308",
                "1e999",
                "4.9e-324",
                "0.30000000000000004",
                "NaN",
                "nan",
                "Inf",
                "+Inf",
                "-inf",
                "000000000000000000001",
                "3.141592653589793238462643"
            })
    void readsEveryNumberAsTheParserDoes(String number) throws Exception {
        PageLayout layout = layout("a 1\nb 2\n", TEXT);
        String page = "a " + number + "\nb " + number + "\n";
        Exposition parsed = ExpositionParser.parse(bytes(page), TEXT, ParseMode.LENIENT);
        double expected = parsed.families().get(0).samples().get(0).value();
        assertValues(read(layout, page), expected, expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a 1\nb 2",
                "a 1\nb 2\n\n",
                "a 1\nc 2\n",
                "a 1\n",
                "a 1\nb 2\nb{x=\"\"} 3\n",
                "b 2\na 1\n",
                "a  1\nb 2\n",
                "a 1 \nb 2\n",
                "a 1 5\nb 2\n",
                "a 1\r\nb 2\r\n",
                "# a\na 1\nb 2\n",
                "a x\nb 2\n",
                "a \nb 2\n",
                "a 1x\nb 2\n",
                "",
                "a 1\nb 2 # {} 1\n",
                "a 1\nb -\n",
                "a 1\nb 1e\n",
                "a 1\nb 0x1\n",
                "a 1\nb 1_0\n",
                "a 1\nb .\n"
            })
    void leavesEveryOtherPageToTheParser(String page) throws Exception {
        assertOther(layout("a 1\nb 2\n", TEXT), page);
    }

    @Test
    void readsAPageWithoutItsLastLineFeedWhateverItsLastNumberIs() throws Exception {
        PageLayout layout = layout("a 1\nb 2000", TEXT);
        assertValues(read(layout, "a 1\nb 2"), 1, 2);
        assertValues(read(layout, "a 1\nb 2000000"), 1, 2000000);
        assertOther(layout, "a 1\nb 2\n");
    }

    @Test
    void readsPagesOfWindows() throws Exception {
        PageLayout layout = layout("a 1\r\nb 2\r\n", TEXT);
        assertValues(read(layout, "a 10\r\nb 0.5\r\n"), 10, 0.5);
        assertOther(layout, "a 10\nb 0.5\n");
    }

    @Test
    void readsTimestampsOfTheLinesThatHaveOne() throws Exception {
        PageLayout layout = layout("a 1 1000\nb 2\nc 3 -5\n", TEXT);
        LineValues values = new LineValues();
        byte[] page = bytes("a 4 1700000000123\nb 5\nc 6 0\n");
        assertTrue(layout.read(page, 0, page.length, values));
        assertEquals(1_700_000_000_123L, values.timestampMs(0));
        assertEquals(Sample.NO_TIMESTAMP, values.timestampMs(1));
        assertEquals(0, values.timestampMs(2));
        assertEquals(6, values.value(2));
        assertOther(layout, "a 4 1.5\nb 5\nc 6 0\n");
        assertOther(layout, "a 4 -9223372036854775808\nb 5\nc 6 0\n");
    }

    @Test
    void forgetsTheTimestampsOfThePageBefore() throws Exception {
        LineValues values = new LineValues();
        byte[] timed = bytes("a 1 1000\nb 2\n");
        assertTrue(layout("a 1 1000\nb 2\n", TEXT).read(timed, 0, timed.length, values));
        byte[] other = bytes("a 1\nb 2 5\n");
        assertTrue(layout("a 1\nb 2 5\n", TEXT).read(other, 0, other.length, values));
        assertEquals(Sample.NO_TIMESTAMP, values.timestampMs(0));
        byte[] untimed = bytes("a 1\nb 2\n");
        assertTrue(layout("a 1\nb 2\n", TEXT).read(untimed, 0, untimed.length, values));
        assertEquals(Sample.NO_TIMESTAMP, values.timestampMs(1));
    }

    @Test
    void readsOpenMetricsWithCreatedLines() throws Exception {
        String page = "# TYPE a counter\na_total 1\na_created 1.7e9\n# EOF\n";
        PageLayout layout = layout(page, ExpositionFormat.OPENMETRICS_1_0);
        assertValues(
                read(layout, "# TYPE a counter\na_total 2.0\na_created 1.700000001e9\n# EOF\n"), 2, 1_700_000_001.0);
        assertOther(layout, "# TYPE a counter\na_total 2.0\na_created 1.700000001e9\n");
    }

    @Test
    void hasNoLayoutForWhatIsMoreThanValuesAndTimestamps() throws Exception {
        for (String page : new String[] {
            "# TYPE a counter\na_total 1 # {id=\"1\"} 1\n# EOF\n",
            "# TYPE a gauge\na 1 1.5\n# EOF\n",
            "# TYPE a histogram\na {count:1,sum:1,schema:0,zero_threshold:0,zero_count:1}\n# EOF\n"
        }) {
            byte[] body = bytes(page);
            NumberedPage numbered = NumberedPage.parse(body, 0, body.length, ExpositionFormat.OPENMETRICS_1_0);
            assertNull(numbered.layout(), page);
            assertEquals(1, numbered.values().value(0), page);
        }
        byte[] text = bytes("a 1 # {id=\"1\"} 1\n");
        assertNull(NumberedPage.parse(text, 0, text.length, TEXT).layout());
    }

    @Test
    void readsAPartOfAnArray() throws Exception {
        PageLayout layout = layout("a 1\n", TEXT);
        byte[] page = bytes("xxa 7\na 1\n");
        assertTrue(layout.read(page, 2, 4, new LineValues()));
        assertFalse(layout.read(page, 2, 8, new LineValues()));
        assertFalse(layout.read(page, 2, 3, new LineValues()));
    }

    @Test
    void readsAnEmptyPage() throws Exception {
        NumberedPage page = NumberedPage.parse(new byte[0], 0, 0, TEXT);
        assertNotNull(page.layout());
        assertValues(read(page.layout(), ""));
        assertOther(page.layout(), "a 1\n");
    }
}
