package dev.weir.exposition;

import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** Pages written in tests. */
final class Pages {
    private Pages() {}

    record Failure(String at, String message) {}

    static byte[] bytes(String body) {
        return body.getBytes(StandardCharsets.UTF_8);
    }

    static Exposition lenientText(String body) throws ExpositionException {
        return ExpositionParser.parse(bytes(body), ExpositionFormat.TEXT_0_0_4, ParseMode.LENIENT);
    }

    static Exposition strictText(String body) throws ExpositionException {
        return ExpositionParser.parse(bytes(body), ExpositionFormat.TEXT_0_0_4, ParseMode.STRICT);
    }

    static Exposition openMetrics(String body) throws ExpositionException {
        return ExpositionParser.parse(bytes(body), ExpositionFormat.OPENMETRICS_1_0, ParseMode.LENIENT);
    }

    static Exposition strictOpenMetrics(String body) throws ExpositionException {
        return ExpositionParser.parse(bytes(body), ExpositionFormat.OPENMETRICS_1_0, ParseMode.STRICT);
    }

    static Failure lenientTextError(String body) {
        return error(body, ExpositionFormat.TEXT_0_0_4, ParseMode.LENIENT);
    }

    static Failure strictTextError(String body) {
        return error(body, ExpositionFormat.TEXT_0_0_4, ParseMode.STRICT);
    }

    static Failure error(String body, ExpositionFormat format, ParseMode mode) {
        ExpositionException e =
                assertThrows(ExpositionException.class, () -> ExpositionParser.parse(bytes(body), format, mode), body);
        return new Failure(e.line() + ":" + e.column(), Objects.requireNonNull(e.getMessage()));
    }
}
