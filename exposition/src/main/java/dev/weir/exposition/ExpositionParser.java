package dev.weir.exposition;

import java.util.Objects;

/**
 * Reads a whole {@code /metrics} page in one pass over its bytes. Any input gives an {@link Exposition} or an {@link
 * ExpositionException}, nothing else, in time and space linear in its length. Semantics: the text format's page at
 * prometheus.io/docs/instrumenting/exposition_formats, and the OpenMetrics 1.0 specification.
 */
public final class ExpositionParser {
    private ExpositionParser() {}

    /** @throws ExpositionException if the page is not of that format, or beyond {@link ParseLimits} */
    public static Exposition parse(byte[] body, ExpositionFormat format, ParseMode mode) throws ExpositionException {
        return parse(body, 0, body.length, format, mode);
    }

    /**
     * Parses {@code length} bytes from {@code offset} on.
     *
     * @throws ExpositionException if the page is not of that format, or beyond {@link ParseLimits}
     */
    public static Exposition parse(byte[] body, int offset, int length, ExpositionFormat format, ParseMode mode)
            throws ExpositionException {
        return parse(body, offset, length, format, mode, LineListener.NONE);
    }

    /**
     * Parses as {@link #parse(byte[], int, int, ExpositionFormat, ParseMode)}, and tells {@code listener} of each line.
     *
     * @throws ExpositionException if the page is not of that format, or beyond {@link ParseLimits}
     */
    public static Exposition parse(
            byte[] body, int offset, int length, ExpositionFormat format, ParseMode mode, LineListener listener)
            throws ExpositionException {
        Objects.checkFromIndexSize(offset, length, body.length);
        Scanner in = new Scanner(body, offset, offset + length);
        return switch (format) {
            case TEXT_0_0_4 -> new TextParser(in, mode, listener).parse();
            case OPENMETRICS_1_0 -> new OpenMetricsParser(in, mode, listener).parse();
        };
    }
}
