package dev.weir.exposition;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.exposition.client.CounterValue;
import dev.weir.exposition.client.Family;
import dev.weir.exposition.client.HistogramValue;
import dev.weir.exposition.client.LabelPair;
import dev.weir.exposition.client.MetricValue;
import dev.weir.exposition.client.Type;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class HostileProtobufTest {
    private static final int MUTATIONS = 20_000;

    private static final byte[] PAGE = Families.page(
            Families.family("c_total", Type.COUNTER, Families.counter(3, 1_700_000_000, "a", "b", "c", "d")),
            Families.family(
                    "h",
                    Type.HISTOGRAM,
                    Families.histogram(
                            HistogramValue.newBuilder()
                                    .setSampleCount(7)
                                    .setSampleSum(9)
                                    .addBucket(Families.bucket(1, 3))
                                    .setSchema(2)
                                    .addPositiveSpan(Families.span(2, 2))
                                    .addAllPositiveDelta(List.of(3L, 1L)),
                            "e",
                            "f")));

    /** Bytes of one family {@code h} with a histogram that the case spoils, and what the error says. */
    static Stream<Arguments> spoiledHistograms() {
        return Stream.of(
                spoiled(
                        "second span back into the first",
                        h -> h.addPositiveSpan(Families.span(-1, 1)),
                        "offset of a positive span: -1"),
                spoiled(
                        "span of four billion",
                        h -> h.addPositiveSpan(Families.span(0, -1)),
                        "length of a positive span: "),
                spoiled(
                        "indexes beyond any double",
                        h -> h.setPositiveSpan(0, Families.span(1 << 30, 2)),
                        "index of a positive bucket"),
                spoiled(
                        "offset of the least integer",
                        h -> h.setPositiveSpan(0, Families.span(Integer.MIN_VALUE, 2)),
                        "offset of a positive span"),
                spoiled("more spans than buckets", h -> h.addPositiveSpan(Families.span(0, 1)), "positive buckets: 2"),
                spoiled("buckets without a span", h -> h.addPositiveDelta(0), "positive buckets: 3"),
                spoiled("negative bucket", h -> h.setPositiveDelta(1, -4), "delta of a positive bucket: -4"),
                spoiled("overflowing bucket", h -> h.setPositiveDelta(1, Long.MAX_VALUE), "delta of a positive bucket"),
                spoiled(
                        "negative float bucket",
                        h -> h.clearPositiveDelta().addPositiveCount(-1),
                        "count of a positive bucket: -1.0"),
                spoiled("deltas and counts", h -> h.addPositiveCount(1), "as deltas and as counts"),
                spoiled("unknown schema", h -> h.setSchema(9), "schema of a native histogram: 9"),
                spoiled(
                        "custom bounds, which have no field",
                        h -> h.setSchema(-53),
                        "schema of a native histogram: -53"),
                spoiled("negative threshold", h -> h.setZeroThreshold(-1), "zero_threshold: -1.0"),
                spoiled("threshold that is no number", h -> h.setZeroThreshold(Double.NaN), "zero_threshold: NaN"),
                spoiled(
                        "count that is not its buckets'",
                        h -> h.setSampleCount(8),
                        "observations in the buckets of a native histogram: 7"),
                spoiled("negative count", h -> h.setSampleCount(-1), "sample_count: 18446744073709551615"),
                spoiled("negative float count", h -> h.setSampleCountFloat(-1), "sample_count_float: -1.0"),
                spoiled("negative bucket count", h -> h.addBucket(Families.bucket(2, -5)), "cumulative_count: "),
                spoiled(
                        "bound that is no number",
                        h -> h.addBucket(Families.bucket(Double.NaN, 5)),
                        "upper_bound of a bucket: NaN"),
                spoiled(
                        "start beyond the calendar",
                        h -> h.setCreatedTimestamp(Families.time(Long.MAX_VALUE, 0)),
                        "created_timestamp: 9223372036854775807 s"),
                spoiled(
                        "negative nanoseconds",
                        h -> h.setCreatedTimestamp(Families.time(1, -1)),
                        "created_timestamp: -1 ns"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("spoiledHistograms")
    void histogramThatContradictsItselfIsRefusedByFamilyAndByte(String name, byte[] page, String problem) {
        String message = error(page);
        assertTrue(message.matches("byte \\d+: family h: .*"), message);
        assertTrue(message.contains(problem), message);
    }

    @Test
    void pageCutOffAnywhereIsRefusedUnlessItEndsWithAFamily() throws Exception {
        int accepted = 0;
        for (int length = 0; length <= PAGE.length; length++) {
            try {
                Families.parse(Arrays.copyOf(PAGE, length));
                accepted++;
            } catch (ExpositionException e) {
                assertTrue(String.valueOf(e.getMessage()).startsWith("byte "), e.getMessage());
            }
        }
        assertEquals(3, accepted, "empty, after the first family, whole");
    }

    @Test
    void changedBytesGiveAPageOrAnExpositionExceptionAndNothingElse() {
        long seed = 20261122;
        Random random = new Random(seed);
        for (int i = 0; i < MUTATIONS; i++) {
            byte[] page = PAGE.clone();
            for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
                page[random.nextInt(page.length)] = (byte) (random.nextBoolean() ? random.nextInt(256) : 0xff);
            }
            try {
                SnapshotPrinter.render(Families.parse(page));
            } catch (ExpositionException e) {
                assertTrue(String.valueOf(e.getMessage()).contains("(expected: "), e.getMessage());
            } catch (RuntimeException e) {
                throw new AssertionError("mutation " + i + " of seed " + seed, e);
            }
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    ff                         | byte 1: end within length of metric family
                    ffffffffffffffffffff01     | byte 9: varint of length of metric family: more than 64 bits
                    ffffffffffffffffff7f       | byte 9: varint of length of metric family: more than 64 bits
                    8080808080808080800100     | byte 0: length of metric family: 9223372036854775808
                    ffffffff7f                 | byte 0: length of metric family: 34359738367
                    00                         | byte 1: metric family without a name
                    020a05                     | byte 2: length of name of the family: 5
                    020a00                     | byte 1: metric family without a name
                    030a01ff                   | byte 3: name of the family: 1 bytes that are no text
                    020801                     | byte 1: wire type of name of the family: 0
                    020000                     | byte 1: field number: 0
                    0b                         | byte 0: length of metric family: 11
                    050a01787b0c               | byte 4: family x: wire type of field 15: 3
                    050a01781806               | byte 5: family x: type: 6
                    050a01781c00               | byte 4: family x: wire type of type: 4
                    050a01782200               | byte 6: family x: metric without field 3
                    """)
    void damageIsNamedWithItsByte(String hex, String expected) {
        String message = error(HexFormat.of().parseHex(hex));
        assertTrue(message.startsWith(expected), message);
        assertTrue(message.contains("(expected: "), message);
    }

    @Test
    void valueOfAnotherTypeThanTheFamilysIsRefused() {
        String message = error(Families.page(Families.family("g", Type.GAUGE, Families.counter(1, 1))));
        assertTrue(message.contains("family g: metric without field 2 (expected: a value as type GAUGE"), message);
    }

    @Test
    void labelsThatNoSeriesHasAreRefused() {
        assertTrue(error(labels("a", "1", "a", "2")).contains("two labels a"));
        assertTrue(error(labels("__name__", "1")).contains("label name: \"__name__\""));
        assertTrue(error(labels("", "1")).contains("label name: \"\""));
    }

    @Test
    void deepNestingInUnknownFieldsIsSkippedWithoutDescending() throws Exception {
        byte[] nested = {};
        for (int i = 0; i < 10_000; i++) {
            nested = concat(new byte[] {0x7a}, varint(nested.length), nested);
            if (nested.length > 1_000_000) {
                break;
            }
        }
        byte[] family = concat(new byte[] {0x0a, 1, 'x', 0x18, 1}, new byte[] {0x7a}, varint(nested.length), nested);
        assertEquals(
                1,
                Families.parse(concat(varint(family.length), family)).families().size());
    }

    @Test
    void labelsRepeatedForManyBucketsAreCountedAsIfTheyWereText() {
        MetricValue.Builder metric = MetricValue.newBuilder();
        String longValue = "x".repeat(ParseLimits.MAX_STRING_BYTES);
        for (int i = 0; i < 100; i++) {
            metric.addLabel(LabelPair.newBuilder().setName("l" + i).setValue(longValue));
        }
        HistogramValue.Builder histogram = HistogramValue.newBuilder();
        for (int i = 0; i < 100; i++) {
            histogram.addBucket(Families.bucket(i, i));
        }
        String message = error(Families.page(Families.family(
                "h", Type.HISTOGRAM, metric.setHistogram(histogram).build())));
        assertTrue(message.contains("names and labels of all samples"), message);
    }

    @Test
    void manySmallFamiliesDoNotMakeParsingQuadratic() throws Exception {
        ByteArrayOutputStream page = new ByteArrayOutputStream();
        for (int i = 0; i < 100_000; i++) {
            page.writeBytes(Families.page(Families.family("f" + i, Type.GAUGE)));
        }
        assertEquals(100_000, Families.parse(page.toByteArray()).families().size());
    }

    @Test
    void nameWithControlCharactersIsShownSoThatItCannotWriteToATerminal() {
        Family family = Family.newBuilder()
                .setName("\u001b[31mx\n")
                .addMetric(MetricValue.newBuilder())
                .build();
        String message = error(Families.page(family));
        assertTrue(message.chars().noneMatch(Character::isISOControl), message);
    }

    private static byte[] labels(String... namesAndValues) {
        return Families.page(Families.family(
                "c",
                Type.COUNTER,
                Families.metric(namesAndValues)
                        .setCounter(CounterValue.newBuilder())
                        .build()));
    }

    private static Arguments spoiled(String name, Consumer<HistogramValue.Builder> spoil, String problem) {
        HistogramValue.Builder histogram = HistogramValue.newBuilder()
                .setSampleCount(7)
                .setSampleSum(9)
                .addPositiveSpan(Families.span(2, 2))
                .addAllPositiveDelta(List.of(3L, 1L));
        spoil.accept(histogram);
        return Arguments.of(
                name, Families.page(Families.family("h", Type.HISTOGRAM, Families.histogram(histogram))), problem);
    }

    private static String error(byte[] page) {
        String message = String.valueOf(assertThrows(ExpositionException.class, () -> Families.parse(page))
                .getMessage());
        assertEquals(message, new String(message.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8));
        return message;
    }

    private static byte[] varint(int value) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int rest = value;
        while (rest >= 0x80) {
            out.write(rest | 0x80);
            rest >>>= 7;
        }
        out.write(rest);
        return out.toByteArray();
    }

    private static byte[] concat(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }
}
