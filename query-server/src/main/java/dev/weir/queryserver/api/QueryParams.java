package dev.weir.queryserver.api;

import dev.weir.queryserver.http.ApiException;
import dev.weir.queryserver.http.Params;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Times, durations and limits as Prometheus' API takes them. */
final class QueryParams {
    private static final Pattern FLOAT = Pattern.compile("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?");
    private static final Pattern DURATION =
            Pattern.compile("(?:(\\d+)y)?(?:(\\d+)w)?(?:(\\d+)d)?(?:(\\d+)h)?(?:(\\d+)m)?(?:(\\d+)s)?(?:(\\d+)ms)?");
    private static final long[] UNIT_MILLIS = {
        365L * 24 * 3600 * 1000, 7L * 24 * 3600 * 1000, 24L * 3600 * 1000, 3600 * 1000, 60 * 1000, 1000, 1
    };

    /** The bounds of Prometheus' own times, which its clients send for "from ever" and "for ever". */
    private static final String MIN_TIME = "-292273086-05-16T16:47:06Z";

    private static final String MAX_TIME = "292277025-08-18T07:12:54.999999999Z";

    /** Times beyond this, in seconds, are none: with it, no sum of times and durations overflows. */
    private static final double MAX_SECONDS = 9e15 / 1000;

    static final long MIN_MILLIS = (long) (-MAX_SECONDS * 1000);
    static final long MAX_MILLIS = (long) (MAX_SECONDS * 1000);

    private QueryParams() {}

    /** Milliseconds since the epoch of a time that must be given: float seconds, or RFC 3339. */
    static long time(Params params, String name) throws ApiException {
        return parseTime(params.get(name), name);
    }

    static long time(Params params, String name, long defaultMs) throws ApiException {
        String text = params.get(name);
        return text.isEmpty() ? defaultMs : parseTime(text, name);
    }

    /** A duration that must be given: float seconds, or as in PromQL. */
    static Duration duration(Params params, String name) throws ApiException {
        return parseDuration(params.get(name), name);
    }

    /** Null if it is not given. */
    static @Nullable Duration optionalDuration(Params params, String name) throws ApiException {
        String text = params.get(name);
        return text.isEmpty() ? null : parseDuration(text, name);
    }

    /** How many results at most; {@link Integer#MAX_VALUE} if not given, or 0. */
    static int limit(Params params, String name) throws ApiException {
        String text = params.get(name);
        if (text.isEmpty()) {
            return Integer.MAX_VALUE;
        }
        if (!text.matches("[+-]?\\d{1,18}")) {
            throw ApiException.badParameter(name, "cannot parse \"" + text + "\" to a valid limit");
        }
        long limit = Long.parseLong(text);
        if (limit < 0) {
            throw ApiException.badParameter(name, "limit must be non-negative");
        }
        return limit == 0 ? Integer.MAX_VALUE : (int) Math.min(limit, Integer.MAX_VALUE);
    }

    private static long parseTime(String text, String name) throws ApiException {
        if (FLOAT.matcher(text).matches()) {
            double seconds = Double.parseDouble(text);
            if (Math.abs(seconds) <= MAX_SECONDS) {
                double fraction = seconds % 1;
                // Halves are rounded away from zero, as Go does.
                long millis = Math.round(Math.abs(fraction) * 1000);
                return ((long) (seconds - fraction)) * 1000 + (fraction < 0 ? -millis : millis);
            }
        } else if (text.equals(MIN_TIME)) {
            return MIN_MILLIS;
        } else if (text.equals(MAX_TIME)) {
            return MAX_MILLIS;
        } else {
            try {
                Instant instant = OffsetDateTime.parse(text).toInstant();
                return instant.toEpochMilli();
            } catch (DateTimeException | ArithmeticException e) {
                throw ApiException.badParameter(name, "cannot parse \"" + text + "\" to a valid timestamp");
            }
        }
        throw ApiException.badParameter(name, "cannot parse \"" + text + "\" to a valid timestamp");
    }

    private static Duration parseDuration(String text, String name) throws ApiException {
        if (FLOAT.matcher(text).matches()) {
            double seconds = Double.parseDouble(text);
            if (Math.abs(seconds) > MAX_SECONDS) {
                throw ApiException.badParameter(
                        name, "cannot parse \"" + text + "\" to a valid duration. It overflows int64");
            }
            return Duration.ofMillis(Math.round(seconds * 1000));
        }
        Matcher matcher = DURATION.matcher(text);
        if (!text.isEmpty() && matcher.matches()) {
            try {
                long millis = 0;
                for (int unit = 0; unit < UNIT_MILLIS.length; unit++) {
                    String count = matcher.group(unit + 1);
                    if (count != null) {
                        millis = Math.addExact(millis, Math.multiplyExact(Long.parseLong(count), UNIT_MILLIS[unit]));
                    }
                }
                if (millis <= MAX_MILLIS) {
                    return Duration.ofMillis(millis);
                }
            } catch (ArithmeticException | NumberFormatException e) {
                throw ApiException.badParameter(name, "cannot parse \"" + text + "\" to a valid duration");
            }
        }
        throw ApiException.badParameter(name, "cannot parse \"" + text + "\" to a valid duration");
    }
}
