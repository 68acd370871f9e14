package dev.weir.promql.function;

import java.time.LocalDate;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Seconds since 1970 as a date and time in UTC, for every double. What is no 64-bit integer becomes the least one, and
 * what lies before Go's first year comes round again at its last, so that even these are as in Prometheus (on x86).
 *
 * @param day of the 400 years from 2000 on, in which the calendar repeats
 * @param cycle how many times 400 years after that
 */
record CalendarTime(LocalDate day, long cycle, int second) {
    private static final long SECONDS_PER_DAY = 86_400;
    private static final long YEARS_PER_CYCLE = 400;
    private static final long DAYS_PER_CYCLE = 146_097;
    private static final LocalDate CYCLE_START = LocalDate.of(2000, 1, 1);

    /** The first second of the year -292277022399. */
    private static final long FIRST_SECOND = -9_223_372_028_741_760_000L;

    /** Days and seconds in 2^64 seconds. */
    private static final long DAYS_ROUND = 213_503_982_334_601L;

    private static final long SECONDS_ROUND = 25_216;

    private static final Map<String, ToLongFunction<CalendarTime>> FIELDS = Map.of(
            "days_in_month", time -> time.day.lengthOfMonth(),
            "day_of_month", time -> time.day.getDayOfMonth(),
            "day_of_week", time -> time.day.getDayOfWeek().getValue() % 7,
            "day_of_year", time -> time.day.getDayOfYear(),
            "hour", time -> time.second / 3600,
            "minute", time -> time.second / 60 % 60,
            "month", time -> time.day.getMonthValue(),
            "year", time -> time.day.getYear() + time.cycle * YEARS_PER_CYCLE);

    /** The function of that name, null if there is none. */
    static @Nullable DoubleUnaryOperator function(String name) {
        ToLongFunction<CalendarTime> field = FIELDS.get(name);
        return field == null ? null : seconds -> (double) field.applyAsLong(of(seconds));
    }

    private static CalendarTime of(double seconds) {
        long whole = seconds >= -0x1p63 && seconds < 0x1p63 ? (long) seconds : Long.MIN_VALUE;
        long days = Math.floorDiv(whole, SECONDS_PER_DAY);
        long second = Math.floorMod(whole, SECONDS_PER_DAY);
        if (whole < FIRST_SECOND) {
            second += SECONDS_ROUND;
            days += DAYS_ROUND + second / SECONDS_PER_DAY;
            second %= SECONDS_PER_DAY;
        }
        long sinceStart = days - CYCLE_START.toEpochDay();
        return new CalendarTime(
                CYCLE_START.plusDays(Math.floorMod(sinceStart, DAYS_PER_CYCLE)),
                Math.floorDiv(sinceStart, DAYS_PER_CYCLE),
                (int) second);
    }
}
