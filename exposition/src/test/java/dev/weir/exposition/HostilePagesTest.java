package dev.weir.exposition;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class HostilePagesTest {
    private static final int MUTATIONS = 6_000;
    private static final int MAX_MUTATED_BYTES = 8_000;
    private static final byte[] INTERESTING = {
        '\n',
        '"',
        '\\',
        '{',
        '}',
        '#',
        ' ',
        ',',
        '=',
        0,
        (byte) 0xff,
        (byte) 0xc3,
        '\r',
        '\t',
        'e',
        '-',
        '+',
        '.',
        ':',
        '9'
    };

    @ParameterizedTest
    @EnumSource(ExpositionFormat.class)
    void changedBytesGiveAPageOrAnExpositionExceptionAndNothingElse(ExpositionFormat format) throws IOException {
        List<byte[]> pages = new ArrayList<>();
        for (SharedCaptures.Row row : SharedCaptures.rows("SOURCES.tsv")) {
            if (row.format() == format || row.name().contains("vllm")) {
                byte[] body = row.body();
                pages.add(Arrays.copyOf(body, Math.min(body.length, MAX_MUTATED_BYTES)));
            }
        }
        long seed = 20261122;
        Random random = new Random(seed);
        for (int i = 0; i < MUTATIONS; i++) {
            byte[] body = mutate(pages.get(random.nextInt(pages.size())).clone(), random);
            for (ParseMode mode : ParseMode.values()) {
                try {
                    Exposition page = ExpositionParser.parse(body, format, mode);
                    SnapshotPrinter.render(page);
                    Snapshot.of(page);
                } catch (ExpositionException | SnapshotException e) {
                    assertTrue(String.valueOf(e.getMessage()).contains("(expected: "), e.getMessage());
                } catch (RuntimeException e) {
                    throw new AssertionError("mutation " + i + " of seed " + seed + ", " + mode, e);
                }
            }
        }
    }

    @Test
    void garbageOfAllBytesIsRefused() {
        Random random = new Random(7);
        for (int i = 0; i < 2_000; i++) {
            byte[] body = new byte[random.nextInt(200)];
            random.nextBytes(body);
            for (ExpositionFormat format : ExpositionFormat.values()) {
                for (ParseMode mode : ParseMode.values()) {
                    try {
                        ExpositionParser.parse(body, format, mode);
                    } catch (ExpositionException e) {
                        assertTrue(e.line() >= 1 && e.column() >= 1);
                    }
                }
            }
        }
    }

    @Test
    void labelValueIsLimited() throws Exception {
        Pages.lenientText("a{b=\"" + "x".repeat(ParseLimits.MAX_STRING_BYTES - 2) + "\"} 1\n");
        Pages.Failure failure = Pages.lenientTextError("a{b=\"" + "x".repeat(50_000_000) + "\"} 1\n");
        assertEquals("1:5", failure.at());
        assertTrue(failure.message().contains("at most 65536 bytes"), failure.message());
    }

    @Test
    void metricNameLineLengthAndLabelCountAreLimited() throws Exception {
        Pages.lenientTextError("x".repeat(ParseLimits.MAX_STRING_BYTES + 1) + " 1\n");
        Pages.lenientTextError("# HELP a " + "x".repeat(ParseLimits.MAX_LINE_BYTES) + "\n");
        Pages.lenientTextError("#" + "x".repeat(ParseLimits.MAX_LINE_BYTES) + "\n");
        StringBuilder labels = new StringBuilder("a{");
        for (int i = 0; i < ParseLimits.MAX_LABELS; i++) {
            labels.append("l").append(i).append("=\"v\",");
        }
        assertEquals(1, Pages.lenientText(labels + "} 1\n").sampleCount());
        assertThrows(ExpositionException.class, () -> Pages.lenientText(labels + "one_more=\"v\"} 1\n"));
    }

    @Test
    void openBracesAndQuotesDoNotMakeParsingQuadratic() {
        Pages.lenientTextError("a{".repeat(2_000_000));
        Pages.lenientTextError("a{b=\"".repeat(1_000_000));
        Pages.lenientTextError("\"".repeat(5_000_000));
    }

    @Test
    void valueOfMegabytesIsReadOrRefusedInLinearTime() throws Exception {
        Pages.lenientText("a " + "1".repeat(1_000_000) + "\n");
        Pages.lenientTextError("a " + "1".repeat(1_000_000) + "x\n");
    }

    private static byte[] mutate(byte[] body, Random random) {
        int changes = 1 + random.nextInt(3);
        for (int i = 0; i < changes; i++) {
            int at = random.nextInt(body.length);
            switch (random.nextInt(4)) {
                case 0 -> body[at] = INTERESTING[random.nextInt(INTERESTING.length)];
                case 1 -> body[at] = (byte) random.nextInt(256);
                case 2 -> {
                    int length = Math.min(random.nextInt(40), body.length - at);
                    int from = random.nextInt(body.length - length + 1);
                    System.arraycopy(body.clone(), from, body, at, length);
                }
                default -> body = Arrays.copyOf(body, Math.max(1, at));
            }
        }
        return body;
    }

    @Test
    void manyBucketsInTheWrongOrderAreSortedAndNotSearched() throws Exception {
        StringBuilder body = new StringBuilder("# TYPE h histogram\n");
        for (int i = 300_000; i > 0; i--) {
            body.append("h_bucket{le=\"").append(i).append("\"} ").append(i).append('\n');
        }
        body.append("h_count 300000\n");
        HistogramSeries histogram = (HistogramSeries) SeriesAssembler.assemble(Pages.lenientText(body.toString()))
                .families()
                .get(0)
                .series()
                .get(0);
        assertEquals(300_001, histogram.upperBounds().length);
        assertEquals(1, histogram.upperBounds()[0]);
        assertEquals(300_000, histogram.cumulativeCounts()[300_000]);
    }
}
