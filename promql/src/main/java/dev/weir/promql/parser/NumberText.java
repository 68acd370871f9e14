package dev.weir.promql.parser;

import java.math.BigInteger;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Numbers (decimal, hexadecimal, octal, binary, with underscores, Inf, NaN) and durations as PromQL writes them. */
public final class NumberText {
    private static final Pattern OCTAL = Pattern.compile("0[0-7_]*[0-7]");
    private static final Pattern DURATION_PARTS = Pattern.compile(
            "(?:(?<y>[0-9]+)y)?(?:(?<w>[0-9]+)w)?(?:(?<d>[0-9]+)d)?(?:(?<h>[0-9]+)h)?(?:(?<m>[0-9]+)m(?!s))?"
                    + "(?:(?<s>[0-9]+)s)?(?:(?<ms>[0-9]+)ms)?");
    private static final String UNIT_LETTERS = "smhdwy";
    /** A longer hexadecimal or octal integer is greater than the greatest double, or has needless zeros. */
    private static final int MAX_INTEGER_LENGTH = 400;

    /** Digits of a count in a duration. */
    private static final int MAX_COUNT_LENGTH = 18;

    private static final String[] UNITS = {"y", "w", "d", "h", "m", "s", "ms"};
    private static final long[] UNIT_MILLIS = {
        365L * 86_400_000, 7L * 86_400_000, 86_400_000, 3_600_000, 60_000, 1000, 1
    };

    private NumberText() {}

    /** Where the number that starts at {@code start} ends, -1 if there is none. */
    static int numberEnd(String input, int start) {
        if (input.startsWith("0x", start) || input.startsWith("0X", start)) {
            int digits = input.startsWith("_", start + 2) ? start + 3 : start + 2;
            int end = digitsEnd(input, digits, 16);
            return end > digits ? end : -1;
        }
        int end = digitsEnd(input, start, 10);
        boolean hasDigits = end > start;
        if (input.startsWith(".", end)) {
            int fraction = digitsEnd(input, end + 1, 10);
            hasDigits |= fraction > end + 1;
            end = fraction;
        }
        if (!hasDigits) {
            return -1;
        }
        if (input.startsWith("e", end) || input.startsWith("E", end)) {
            boolean isSigned = input.startsWith("+", end + 1) || input.startsWith("-", end + 1);
            int digits = end + (isSigned ? 2 : 1);
            int exponent = digitsEnd(input, digits, 10);
            return exponent > digits ? exponent : end;
        }
        return end;
    }

    /** Where the duration that starts at {@code start} ends, -1 if there is none. */
    static int durationEnd(String input, int start) {
        int end = -1;
        int position = start;
        while (true) {
            int digits = position;
            while (digits < input.length() && Character.digit(input.charAt(digits), 10) >= 0) {
                digits++;
            }
            if (digits == position || digits == input.length() || UNIT_LETTERS.indexOf(input.charAt(digits)) < 0) {
                return end;
            }
            position = input.startsWith("ms", digits) ? digits + 2 : digits + 1;
            end = position;
        }
    }

    /** Digits with single underscores between them. */
    private static int digitsEnd(String input, int start, int radix) {
        int end = start;
        while (end < input.length()) {
            char c = input.charAt(end);
            boolean isSeparator = c == '_'
                    && end > start
                    && end + 1 < input.length()
                    && Character.digit(input.charAt(end + 1), radix) >= 0
                    && input.charAt(end - 1) != '_';
            if (!isSeparator && (c > 0x7f || Character.digit(c, radix) < 0)) {
                break;
            }
            end++;
        }
        return end;
    }

    /** @throws NumberFormatException if it is no number */
    public static double parseNumber(String text) {
        String digits = text.replace("_", "");
        String lower = digits.toLowerCase(Locale.ROOT);
        switch (lower) {
            case "inf", "+inf" -> {
                return Double.POSITIVE_INFINITY;
            }
            case "-inf" -> {
                return Double.NEGATIVE_INFINITY;
            }
            case "nan", "+nan", "-nan" -> {
                return Double.NaN;
            }
            default -> {
                return parseFinite(text, lower);
            }
        }
    }

    private static double parseFinite(String text, String lower) {
        boolean isSigned = lower.startsWith("-") || lower.startsWith("+");
        String unsigned = isSigned ? lower.substring(1) : lower;
        double sign = lower.startsWith("-") ? -1 : 1;
        String written = isSigned ? text.substring(1) : text;
        if (written.isEmpty() || numberEnd(written, 0) != written.length()) {
            throw new NumberFormatException("number: " + text + " (expected: a number such as 1.5e3, 0x1f or Inf)");
        }
        boolean isOctal = OCTAL.matcher(unsigned).matches();
        if (isOctal || unsigned.startsWith("0x")) {
            if (unsigned.length() > MAX_INTEGER_LENGTH) {
                throw outOfRange(text);
            }
            return sign
                    * (isOctal ? new BigInteger(unsigned, 8) : new BigInteger(unsigned.substring(2), 16)).doubleValue();
        }
        double value = sign * Double.parseDouble(unsigned);
        if (Double.isInfinite(value)) {
            throw outOfRange(text);
        }
        return value;
    }

    /**
     * A duration such as {@code 1h30m}, in milliseconds.
     *
     * @throws NumberFormatException if it is none, its units are not in descending order, or it is longer than a long
     *     can hold in nanoseconds
     */
    public static long parseDurationMillis(String text) {
        Matcher parts = DURATION_PARTS.matcher(text);
        if (text.isEmpty() || !parts.matches()) {
            throw new NumberFormatException("not a valid duration string: \"" + text + '"');
        }
        BigInteger total = BigInteger.ZERO;
        for (int i = 0; i < UNITS.length; i++) {
            String count = parts.group(UNITS[i]);
            if (count != null && count.length() > MAX_COUNT_LENGTH) {
                throw new NumberFormatException("duration out of range");
            }
            if (count != null) {
                total = total.add(new BigInteger(count).multiply(BigInteger.valueOf(UNIT_MILLIS[i])));
            }
        }
        if (total.compareTo(BigInteger.valueOf(Long.MAX_VALUE / 1_000_000)) > 0) {
            throw new NumberFormatException("duration out of range");
        }
        return total.longValue();
    }

    private static NumberFormatException outOfRange(String text) {
        String shown = text.length() > MAX_INTEGER_LENGTH ? text.substring(0, MAX_INTEGER_LENGTH) + "..." : text;
        return new NumberFormatException(
                "error parsing number: strconv.ParseFloat: parsing \"" + shown + "\": value out of range");
    }
}
