package dev.weir.delivery;

import dev.weir.configuration.RemoteWriteConfig;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * How long to wait before try n + 1: {@code initial * 2^(n-1)} but at most {@code max}, then half to all of it at random,
 * so that many jobs do not return at the same moment. A receiver's own wish (Retry-After) is followed, at most
 * {@code retryAfterMax}.
 */
record Backoff(Duration initial, Duration max, Duration retryAfterMax) implements java.io.Serializable {
    /** A receiver that asks for more is asked again after this. */
    static final Duration LONGEST_RETRY_AFTER = Duration.ofMinutes(2);

    static Backoff of(RemoteWriteConfig.Queue queue) {
        return new Backoff(queue.minBackoff(), queue.maxBackoff(), LONGEST_RETRY_AFTER);
    }

    Backoff {
        if (initial.isNegative() || initial.isZero() || max.compareTo(initial) < 0) {
            throw new IllegalArgumentException(
                    "backoff: " + initial + " to " + max + " (expected: 0 < min_backoff <= max_backoff)");
        }
    }

    /** The wait after {@code failures} failed tries in a row (from 1). */
    Duration after(int failures, @Nullable String retryAfter, Instant now, RandomGenerator random) {
        Duration asked = retryAfter == null ? null : parseRetryAfter(retryAfter, now);
        if (asked != null) {
            return asked.compareTo(retryAfterMax) > 0 ? retryAfterMax : asked;
        }
        double fullMs =
                Math.min((double) max.toMillis(), initial.toMillis() * Math.pow(2, Math.min(failures, 40) - 1.0));
        return Duration.ofMillis((long) (fullMs * (0.5 + 0.5 * random.nextDouble())));
    }

    /** Seconds or an HTTP date (RFC 9110, 10.2.3); null where it is neither, or not ahead. */
    private static @Nullable Duration parseRetryAfter(String text, Instant now) {
        String trimmed = text.strip();
        Duration wait;
        try {
            wait = trimmed.matches("[0-9]{1,9}")
                    ? Duration.ofSeconds(Long.parseLong(trimmed))
                    : Duration.between(
                            now,
                            ZonedDateTime.parse(trimmed, DateTimeFormatter.RFC_1123_DATE_TIME)
                                    .toInstant());
        } catch (DateTimeException e) {
            return null;
        }
        return wait.isNegative() || wait.isZero() ? null : wait;
    }
}
