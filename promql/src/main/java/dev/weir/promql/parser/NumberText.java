package dev.weir.promql.parser;

import java.math.BigInteger;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Numbers (decimal, hexadecimal, octal, binary, with underscores, Inf, NaN) and durations as PromQL writes them. */
public final class NumberText {
    private static final Pattern NUMBER = Pattern.compile("0[xX]_?[0-9a-fA-F]+(?:_[0-9a-fA-F]+)*"
            + "|(?:[0-9]+(?:_[0-9]+)*(?:\\.(?:[0-9]+(?:_[0-9]+)*)?)?|\\.[0-9]+(?:_[0-9]+)*)"
            + "(?:[eE][+-]?[0-9]+(?:_[0-9]+)*)?");
    private static final Pattern OCTAL = Pattern.compile("0[0-7_]*[0-7]");
    private static final Pattern DURATION = Pattern.compile("[0-9]+(?:ms|[smhdwy])(?:[0-9]+(?:ms|[smhdw]))*");
    private static final Pattern DURATION_PARTS = Pattern.compile(
            "(?:(?<y>[0-9]+)y)?(?:(?<w>[0-9]+)w)?(?:(?<d>[0-9]+)d)?(?:(?<h>[0-9]+)h)?(?:(?<m>[0-9]+)m(?!s))?"
                    + "(?:(?<s>[0-9]+)s)?(?:(?<ms>[0-9]+)ms)?");
    private static final String[] UNITS = {"y", "w", "d", "h", "m", "s", "ms"};
    private static final long[] UNIT_MILLIS = {
        365L * 86_400_000, 7L * 86_400_000, 86_400_000, 3_600_000, 60_000, 1000, 1
    };

    private NumberText() {}

    /** Where the number that starts at {@code start} ends, -1 if there is none. */
    static int numberEnd(String input, int start) {
        return matchEnd(NUMBER, input, start);
    }

    static int durationEnd(String input, int start) {
        return matchEnd(DURATION, input, start);
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
        if (unsigned.startsWith("0x")) {
            return sign * new BigInteger(unsigned.substring(2), 16).doubleValue();
        }
        if (OCTAL.matcher(unsigned).matches()) {
            return sign * new BigInteger(unsigned, 8).doubleValue();
        }
        if (!NUMBER.matcher(unsigned).matches()) {
            throw new NumberFormatException("number: " + text + " (expected: a number such as 1.5e3, 0x1f or Inf)");
        }
        return sign * Double.parseDouble(unsigned);
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
            if (count != null) {
                total = total.add(new BigInteger(count).multiply(BigInteger.valueOf(UNIT_MILLIS[i])));
            }
        }
        if (total.compareTo(BigInteger.valueOf(Long.MAX_VALUE / 1_000_000)) > 0) {
            throw new NumberFormatException("duration out of range");
        }
        return total.longValue();
    }

    private static int matchEnd(Pattern pattern, String input, int start) {
        Matcher matcher = pattern.matcher(input).region(start, input.length());
        return matcher.lookingAt() ? matcher.end() : -1;
    }
}
