package dev.weir.configuration;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sizes as Prometheus reads them: a number and a unit, {@code 10MB} and {@code 10MiB} both being 10 * 2^20 bytes. */
public final class SizeSyntax {
    private static final Pattern SYNTAX = Pattern.compile("([0-9]{1,18}(?:\\.[0-9]{1,18})?)([KMGTPE]?)(i?B)?");
    private static final String PREFIXES = "KMGTPE";

    private SizeSyntax() {}

    /**
     * The bytes that {@code text} says, 0 included.
     *
     * @throws IllegalArgumentException if it says none, or more than fit 63 bits
     */
    public static long parseBytes(String text) {
        Matcher matcher = SYNTAX.matcher(text.strip());
        if (!matcher.matches() || (matcher.group(3) == null && !matcher.group(2).isEmpty())) {
            throw new IllegalArgumentException("size \"" + text + "\" (expected: such as 512KB, 10MB or 1GiB)");
        }
        int power = PREFIXES.indexOf(matcher.group(2).toUpperCase(Locale.ROOT)) + 1;
        if (matcher.group(2).isEmpty()) {
            power = 0;
        }
        BigDecimal bytes =
                new BigDecimal(matcher.group(1)).multiply(BigDecimal.valueOf(2).pow(10 * power));
        if (bytes.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0) {
            throw new IllegalArgumentException("size \"" + text + "\" (expected: less than 8EiB)");
        }
        return bytes.longValue();
    }
}
