package dev.weir.promql.parser;

/**
 * What the parser accepts.
 *
 * @param experimentalFunctions whether functions and aggregations that Prometheus calls experimental exist
 * @param durationExpressions whether durations may be computed, as in {@code [5m + 30s]}
 * @param maxLength the longest query, in characters
 * @param maxNesting how deep an expression may be; a chain of n operators is n deep
 * @param maxMatchers label matchers of all selectors of one query
 * @param maxArguments arguments of one call
 */
public record ParserOptions(
        boolean experimentalFunctions,
        boolean durationExpressions,
        int maxLength,
        int maxNesting,
        int maxMatchers,
        int maxArguments) {
    public static final ParserOptions DEFAULT = new ParserOptions(true, true, 128 * 1024, 250, 2_000, 1_000);

    public ParserOptions {
        if (Math.min(Math.min(maxLength, maxNesting), Math.min(maxMatchers, maxArguments)) <= 0) {
            throw new IllegalArgumentException("max length " + maxLength + ", max nesting " + maxNesting
                    + ", max matchers " + maxMatchers + ", max arguments " + maxArguments + " (expected: > 0)");
        }
    }
}
