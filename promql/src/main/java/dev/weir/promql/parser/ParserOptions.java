package dev.weir.promql.parser;

/**
 * What the parser accepts.
 *
 * @param experimentalFunctions whether functions and aggregations that Prometheus calls experimental exist
 * @param durationExpressions whether durations may be computed, as in {@code [5m + 30s]}
 * @param maxLength the longest query, in characters
 * @param maxNesting how deep an expression may be; a chain of n operators is n deep
 */
public record ParserOptions(boolean experimentalFunctions, boolean durationExpressions, int maxLength, int maxNesting) {
    public static final ParserOptions DEFAULT = new ParserOptions(true, true, 128 * 1024, 250);

    public ParserOptions {
        if (maxLength <= 0 || maxNesting <= 0) {
            throw new IllegalArgumentException(
                    "max length " + maxLength + ", max nesting " + maxNesting + " (expected: > 0)");
        }
    }
}
