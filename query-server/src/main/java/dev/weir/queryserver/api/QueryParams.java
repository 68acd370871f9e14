package dev.weir.queryserver.api;

import dev.weir.promql.parser.NumberText;
import dev.weir.queryserver.http.ApiException;
import dev.weir.queryserver.http.ErrorType;
import dev.weir.queryserver.http.Params;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Times, durations and limits as Prometheus' API takes them. */
final class QueryParams {
    private static final Pattern FLOAT = Pattern.compile("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?");
    private static final Pattern INFINITE = Pattern.compile("[+-]?inf(inity)?", Pattern.CASE_INSENSITIVE);
    private static final Pattern INTEGER = Pattern.compile("[+-]?\\d+");
    private static final Pattern RFC_3339 =
            Pattern.compile("\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d+)?(Z|[+-]\\d{2}:\\d{2})");

    /** No time, duration or limit needs as many characters. */
    private static final int MAX_LENGTH = 100;

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
        return parseTime(params.get(name), name, "");
    }

    static long time(Params params, String name, long defaultMs) throws ApiException {
        String text = params.get(name);
        return text.isEmpty() ? defaultMs : parseTime(text, name, "invalid time value for '" + name + "': ");
    }

    /** A duration that must be given: float seconds, or as in PromQL; as precise as it is written. */
    static Duration duration(Params params, String name) throws ApiException {
        try {
            return parseDuration(params.get(name));
        } catch (IllegalArgumentException e) {
            throw ApiException.badParameter(name, String.valueOf(e.getMessage()));
        }
    }

    /** Null if it is not given. */
    static @Nullable Duration timeout(Params params) throws ApiException {
        if (params.get("timeout").isEmpty()) {
            return null;
        }
        Duration timeout = duration(params, "timeout");
        if (timeout.isNegative() || timeout.isZero()) {
            throw ApiException.badParameter("timeout", params.get("timeout") + " (expected: > 0)");
        }
        return timeout;
    }

    /** Null if it is not given, or 0. */
    static @Nullable Duration lookbackDelta(Params params) throws ApiException {
        String text = params.get("lookback_delta");
        try {
            Duration delta = text.isEmpty() ? Duration.ZERO : parseDuration(text);
            if (delta.isNegative()) {
                throw ApiException.badParameter("lookback_delta", text + " (expected: >= 0)");
            }
            return delta.toMillis() == 0 ? null : delta;
        } catch (IllegalArgumentException e) {
            throw new ApiException(ErrorType.BAD_DATA, "error parsing lookback delta duration: " + e.getMessage());
        }
    }

    /** How many results at most; {@link Integer#MAX_VALUE} if not given, or 0. */
    static int limit(Params params, String name) throws ApiException {
        String text = params.get(name);
        if (text.isEmpty()) {
            return Integer.MAX_VALUE;
        }
        long limit;
        try {
            limit = new BigDecimal(requireMatch(INTEGER, text)).longValueExact();
        } catch (ArithmeticException | IllegalArgumentException e) {
            String problem = e instanceof ArithmeticException ? "value out of range" : "invalid syntax";
            throw ApiException.badParameter(name, "strconv.Atoi: parsing \"" + text + "\": " + problem);
        }
        if (limit < 0) {
            throw ApiException.badParameter(name, "limit must be non-negative");
        }
        return limit == 0 ? Integer.MAX_VALUE : (int) Math.min(limit, Integer.MAX_VALUE);
    }

    private static long parseTime(String text, String name, String context) throws ApiException {
        if (text.equals(MIN_TIME) || text.equals(MAX_TIME)) {
            return text.equals(MIN_TIME) ? MIN_MILLIS : MAX_MILLIS;
        }
        try {
            if (!FLOAT.matcher(requireShort(text)).matches()) {
                return OffsetDateTime.parse(requireMatch(RFC_3339, text))
                        .toInstant()
                        .toEpochMilli();
            }
            double seconds = Double.parseDouble(text);
            if (Math.abs(seconds) <= MAX_SECONDS) {
                double fraction = seconds % 1;
                // Halves are rounded away from zero, as Go does.
                long millis = Math.round(Math.abs(fraction) * 1000);
                return ((long) (seconds - fraction)) * 1000 + (fraction < 0 ? -millis : millis);
            }
        } catch (DateTimeException | IllegalArgumentException e) {
            throw ApiException.badParameter(name, context + "cannot parse \"" + text + "\" to a valid timestamp");
        }
        throw ApiException.badParameter(name, context + "cannot parse \"" + text + "\" to a valid timestamp");
    }

    /** @throws IllegalArgumentException if it is none, or longer than a long can hold in nanoseconds */
    private static Duration parseDuration(String text) {
        String problem = "cannot parse \"" + text + "\" to a valid duration";
        if (text.length() > MAX_LENGTH) {
            throw new IllegalArgumentException(problem);
        }
        if (FLOAT.matcher(text).matches() || INFINITE.matcher(text).matches()) {
            double nanos = INFINITE.matcher(text).matches() ? Double.POSITIVE_INFINITY : Double.parseDouble(text) * 1e9;
            if (Math.abs(nanos) > Long.MAX_VALUE) {
                throw new IllegalArgumentException(problem + ". It overflows int64");
            }
            return Duration.ofNanos((long) nanos);
        }
        try {
            return Duration.ofMillis(NumberText.parseDurationMillis(text));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(problem, e);
        }
    }

    private static String requireMatch(Pattern pattern, String text) {
        if (!pattern.matcher(requireShort(text)).matches()) {
            throw new IllegalArgumentException("not of the form " + pattern);
        }
        return text;
    }

    private static String requireShort(String text) {
        if (text.length() > MAX_LENGTH) {
            throw new IllegalArgumentException("longer than " + MAX_LENGTH + " characters");
        }
        return text;
    }
}
