package dev.weir.exposition;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Real pages of some twenty engines and exporters. */
class CapturesTest {
    @TestFactory
    Stream<DynamicTest> everyCaptureHasTheSamplesThatTheReferenceCounted() throws IOException {
        return captures()
                .map(row -> DynamicTest.dynamicTest(row.name(), () -> {
                    if (row.get("parse_samples").equals("-")) {
                        checkWhatTheReferenceRefused(row);
                        return;
                    }
                    Exposition page = ExpositionParser.parse(row.body(), row.format(), ParseMode.LENIENT);
                    assertEquals(Integer.parseInt(row.get("parse_samples")), page.sampleCount());
                }));
    }

    @TestFactory
    Stream<DynamicTest> assemblyLosesNoLineOfAnyCaptureButDuplicates() throws IOException {
        return captures()
                .filter(row -> !row.get("parse_samples").equals("-"))
                .map(row -> DynamicTest.dynamicTest(row.name(), () -> {
                    Exposition page = ExpositionParser.parse(row.body(), row.format(), ParseMode.LENIENT);
                    Assembly assembly = SeriesAssembler.assemble(page);
                    long kept = assembly.families().stream()
                            .flatMap(family -> family.series().stream())
                            .mapToLong(CapturesTest::lines)
                            .sum();
                    long starts = page.sampleCount() - kept - assembly.duplicateSamples();
                    long createdLines = page.families().stream()
                            .flatMap(family -> family.samples().stream())
                            .filter(sample -> sample.name().endsWith("_created"))
                            .count();
                    assertTrue(starts <= createdLines, () -> starts + " lines lost, " + createdLines + " _created");
                }));
    }

    /** At most what the page wrote for the series: a missing +Inf bucket or count is not counted against it. */
    private static long lines(AssembledSeries series) {
        if (series instanceof HistogramSeries histogram) {
            return histogram.le().length + 1L + (Double.isNaN(histogram.sum()) ? 0 : 1);
        }
        if (series instanceof SummarySeries summary) {
            return (long) summary.quantiles().length
                    + (Double.isNaN(summary.count()) ? 0 : 1)
                    + (Double.isNaN(summary.sum()) ? 0 : 1);
        }
        return 1;
    }

    private static void checkWhatTheReferenceRefused(SharedCaptures.Row row) throws Exception {
        if (row.get("parse_status").contains("Missing # EOF")) {
            // Cut off, for all one can know; Prometheus refuses it too.
            assertThrows(
                    ExpositionException.class,
                    () -> ExpositionParser.parse(row.body(), row.format(), ParseMode.LENIENT));
            return;
        }
        assertTrue(row.get("parse_status").contains("Clashing name"), row.get("parse_status"));
        assertEquals(
                280,
                ExpositionParser.parse(row.body(), row.format(), ParseMode.LENIENT)
                        .sampleCount());
        assertThrows(
                ExpositionException.class, () -> ExpositionParser.parse(row.body(), row.format(), ParseMode.STRICT));
    }

    private static Stream<SharedCaptures.Row> captures() throws IOException {
        return SharedCaptures.rows("SOURCES.tsv").stream()
                .filter(row -> !row.name().startsWith("conformance/"));
    }
}
