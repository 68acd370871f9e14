package dev.weir.exposition;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NumbersTest {
    private static final int ROUNDS = 60_000;

    @Test
    void everyWayToWriteADoubleIsReadAsTheJdkReadsIt() {
        long seed = 42;
        Random random = new Random(seed);
        for (int i = 0; i < ROUNDS; i++) {
            String text = randomNumber(random);
            assertEquals(
                    Double.doubleToRawLongBits(Double.parseDouble(text)),
                    Double.doubleToRawLongBits(parse(text)),
                    () -> text + ", seed " + seed);
        }
    }

    @Test
    void everyLongIsReadBack() {
        Random random = new Random(43);
        for (int i = 0; i < ROUNDS; i++) {
            long value = random.nextLong() >> random.nextInt(64);
            assertEquals(value, parseLong(Long.toString(value)));
        }
        assertEquals(Long.MIN_VALUE, parseLong(Long.toString(Long.MIN_VALUE)));
        assertEquals(Long.MAX_VALUE, parseLong("+" + Long.MAX_VALUE));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "9223372036854775808",
                "-9223372036854775809",
                "99999999999999999999",
                "",
                "-",
                "1.0",
                "1e3",
                " 1"
            })
    void whatIsNoLongIsRefused(String text) {
        assertThrows(NumberFormatException.class, () -> parseLong(text));
    }

    private static String randomNumber(Random random) {
        double value = switch (random.nextInt(4)) {
            case 0 -> Double.longBitsToDouble(random.nextLong());
            case 1 -> random.nextInt(1_000_000) / 1000.0;
            case 2 -> random.nextLong();
            default -> random.nextGaussian() * Math.pow(10, random.nextInt(40) - 20);
        };
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            return "0";
        }
        return switch (random.nextInt(4)) {
            case 0 -> Double.toString(value);
            case 1 -> new BigDecimal(value).toPlainString();
            case 2 -> String.format(Locale.ROOT, "%.17e", value);
            default -> String.format(Locale.ROOT, "%.6f", value);
        };
    }

    private static double parse(String text) {
        byte[] bytes = ("x" + text + "x").getBytes(StandardCharsets.US_ASCII);
        return Numbers.parse(bytes, 1, bytes.length - 1);
    }

    private static long parseLong(String text) {
        byte[] bytes = ("x" + text + "x").getBytes(StandardCharsets.US_ASCII);
        return Numbers.parseLong(bytes, 1, bytes.length - 1);
    }
}
