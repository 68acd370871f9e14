package dev.weir.delivery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BackoffTest {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

    private final Backoff backoff = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(10), Duration.ofMinutes(2));

    @ParameterizedTest
    @CsvSource({"1, 100", "2, 200", "3, 400", "7, 6400", "8, 10000", "60, 10000", "2000000000, 10000"})
    void doublesUpToTheMaximum(int failures, long expectedMs) {
        assertEquals(expectedMs, backoff.after(failures, null, NOW, always(1)).toMillis());
    }

    @ParameterizedTest
    @CsvSource({"0, 50", "0.5, 75"})
    void isBetweenHalfAndAllOfIt(double chance, long expectedMs) {
        assertEquals(expectedMs, backoff.after(1, null, NOW, always(chance)).toMillis());
    }

    @ParameterizedTest
    @CsvSource({
        "7, 7",
        "' 3 ', 3",
        "'Fri, 02 Jan 2026 03:04:35 GMT', 30",
        "999999, 120",
        "'Wed, 02 Jan 2036 03:04:35 GMT', 120",
    })
    void followsRetryAfterUpToItsMaximum(String retryAfter, long expectedSeconds) {
        assertEquals(Duration.ofSeconds(expectedSeconds), backoff.after(1, retryAfter, NOW, always(0)));
    }

    @ParameterizedTest
    @CsvSource({"0", "-5", "soon", "''", "99999999999999999999", "'Fri, 02 Jan 2026 03:04:05 GMT'"})
    void usesItsOwnWaitWhereRetryAfterSaysNothingUsable(String retryAfter) {
        assertEquals(Duration.ofMillis(50), backoff.after(1, retryAfter, NOW, always(0)));
    }

    @Test
    void refusesWaitsThatShrink() {
        IllegalArgumentException refused = assertThrows(
                IllegalArgumentException.class,
                () -> new Backoff(Duration.ofSeconds(2), Duration.ofSeconds(1), Duration.ofMinutes(1)));
        assertTrue(String.valueOf(refused.getMessage()).contains("min_backoff <= max_backoff"));
    }

    private static RandomGenerator always(double value) {
        return new RandomGenerator() {
            @Override
            public long nextLong() {
                return 0;
            }

            @Override
            public double nextDouble() {
                return value;
            }
        };
    }
}
