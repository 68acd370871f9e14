package dev.weir.queryserver.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.queryserver.http.ApiException;
import dev.weir.queryserver.http.JsonWriter;
import dev.weir.queryserver.http.Params;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Texts of numbers, times, durations and escaped names, as Prometheus has them. */
class ApiTextsTest {
    @ParameterizedTest
    @CsvSource({
        "0.1, 0.1, 0.1",
        "1e21, 1e+21, 1000000000000000000000",
        "999999999999999900000, 999999999999999900000, 999999999999999900000",
        "1e-6, 0.000001, 0.000001",
        "9.999e-7, 9.999e-07, 0.0000009999",
        "4.9e-324, 5e-324,",
        "2e23, 2e+23, 200000000000000000000000",
        "-1.5e300, -1.5e+300,",
        "100, 100, 100",
        "9007199254740993, 9007199254740992, 9007199254740992",
        "0.30000000000000004, 0.30000000000000004, 0.30000000000000004",
    })
    void writesFloatsAsGoDoes(double value, String general, String plain) {
        assertEquals(general, FloatText.general(value));
        if (plain != null) {
            assertEquals(plain, FloatText.plain(value));
        }
    }

    @Test
    void everyFloatReadsBackAsItself() {
        Random random = new Random(91);
        for (int i = 0; i < 100_000; i++) {
            double value = Double.longBitsToDouble(random.nextLong());
            if (Double.isFinite(value)) {
                assertEquals(value, Double.parseDouble(FloatText.general(value)));
            }
        }
    }

    @Test
    void writesDecimalsOfFewDigitsAsTheyWereRead() {
        Random random = new Random(17);
        for (int i = 0; i < 100_000; i++) {
            BigDecimal decimal = BigDecimal.valueOf(1 + random.nextInt(99_999_999), random.nextInt(10))
                    .stripTrailingZeros();
            if (decimal.doubleValue() >= 1e-6) {
                String text = decimal.toPlainString();
                assertEquals(text, FloatText.general(decimal.doubleValue()));
                assertEquals("-" + text, FloatText.plain(-decimal.doubleValue()));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "1250, 1.250", "-1250, -1.250", "7, 0.007", "70, 0.070", "1000, 1", "-1, -0.001"})
    void writesTimesOfVectorsWithThreeDecimalsOrNone(long millis, String text) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new JsonWriter(out).seconds(millis).flush();
        assertEquals(text, out.toString(StandardCharsets.US_ASCII));
    }

    @ParameterizedTest
    @CsvSource({"1m30s, 90000", "0.5, 500", "5, 5000", "1h, 3600000", "1d1ms, 86400001", "1e1, 10000", "0s, 0"})
    void takesDurationsAsSecondsOrWithUnits(String text, long millis) throws ApiException {
        assertEquals(Duration.ofMillis(millis), QueryParams.duration(Params.parse("step=" + text), "step"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1x", "s", "1s1m", "1.5m", "NaN", "Inf", "0x10", "99999999999y", "1e300", "1 s"})
    void refusesWhatIsNoDuration(String text) {
        assertThrows(
                ApiException.class,
                () -> QueryParams.duration(Params.parse("step=" + text.replace(" ", "%20")), "step"));
    }

    @ParameterizedTest
    @CsvSource({
        "1.0006, 1001",
        "-1.5, -1500",
        "-1.0625, -1063",
        "1772366400.123, 1772366400123",
        "1970-01-01T00:00:01.5Z, 1500",
        "1970-01-01T02:00:00%2B02:00, 0"
    })
    void takesTimesToTheMillisecond(String text, long millis) throws ApiException {
        assertEquals(millis, QueryParams.time(Params.parse("time=" + text), "time"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "now", "NaN", "Inf", "1e400", "2026-03-01", "2026-13-01T00:00:00Z", "1_000"})
    void refusesWhatIsNoTime(String text) {
        assertThrows(ApiException.class, () -> QueryParams.time(Params.parse("time=" + text), "time"));
    }

    @Test
    void takesTheEndsOfTimeThatClientsSend() throws ApiException {
        assertTrue(QueryParams.time(Params.parse("t=-292273086-05-16T16:47:06Z"), "t") < 0);
        assertTrue(QueryParams.time(Params.parse("t=292277025-08-18T07:12:54.999999999Z"), "t") > 0);
    }

    @ParameterizedTest
    @CsvSource({
        "plain_name, plain_name",
        "U__model_2e_name, model.name",
        "U__a__b, a_b",
        "U___1f600_, 😀",
        "U__bad_zz_, U__bad_zz_",
        "U__open_2e, U__open_2e",
        "U__surrogate_d800_, U__surrogate_d800_"
    })
    void readsEscapedNames(String text, String name) {
        assertEquals(name, EscapedNames.unescape(text));
    }
}
