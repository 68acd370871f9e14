package dev.weir.promql.parser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NumberTextTest {
    @ParameterizedTest
    @CsvSource({
        "1, 1",
        "1., 1",
        ".5, 0.5",
        "1e3, 1000",
        "1E-2, 0.01",
        "0x1F, 31",
        "0X_ff, 255",
        "017, 15",
        "1_000, 1000",
        "-3, -3",
        "+Inf, Infinity",
        "-inf, -Infinity",
        "NaN, NaN",
        "08, 8"
    })
    void numbersOfEveryBaseAreRead(String text, double value) {
        assertEquals(value, NumberText.parseNumber(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "1e", "1__0", "_1", "1_", "0x", "1e999", "--1"})
    void whatIsNoNumberIsRejected(String text) {
        assertThrows(NumberFormatException.class, () -> NumberText.parseNumber(text));
    }

    @ParameterizedTest
    @CsvSource({"5m, 300000", "1h30m, 5400000", "1y2w3d4h5m6s7ms, 33019506007", "0s, 0", "1000000ms, 1000000"})
    void durationsAreRead(String text, long millis) {
        assertEquals(millis, NumberText.parseDurationMillis(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "5", "m", "1m1h", "1s1s", "1.5h", "300y", "99999999999999999999s"})
    void whatIsNoDurationIsRejected(String text) {
        assertThrows(NumberFormatException.class, () -> NumberText.parseDurationMillis(text));
    }

    @Test
    void endlessNumbersAreRejectedWithoutDelay() {
        for (String query : new String[] {
            "1_".repeat(60_000),
            "0x" + "f".repeat(120_000),
            "1s".repeat(60_000),
            "9".repeat(120_000) + "s",
            "0".repeat(120_000) + "7"
        }) {
            assertThrows(PromQlParseException.class, () -> Parser.parse(query));
        }
        assertEquals(1, NumberText.parseNumber("1." + "0".repeat(120_000)));
    }
}
