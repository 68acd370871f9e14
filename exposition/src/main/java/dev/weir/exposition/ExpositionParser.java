package dev.weir.exposition;

import java.util.Objects;

/**
 * Reads a whole {@code /metrics} page in one pass over its bytes. Any input gives an {@link Exposition} or an {@link
 * ExpositionException}, nothing else, in time and space linear in its length, and in protobuf in that of the same page as text.
 * Semantics: the text format's page at prometheus.io/docs/instrumenting/exposition_formats, the OpenMetrics 1.0
 * specification, and the messages of {@code io.prometheus.client}. The mode makes no difference to protobuf.
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
     * Parses as {@link #parse(byte[], int, int, ExpositionFormat, ParseMode)}, and tells {@code listener} of each line;
     * protobuf has none.
     *
     * @throws ExpositionException if the page is not of that format, or beyond {@link ParseLimits}
     */
    public static Exposition parse(
            byte[] body, int offset, int length, ExpositionFormat format, ParseMode mode, LineListener listener)
            throws ExpositionException {
        Objects.checkFromIndexSize(offset, length, body.length);
        int end = offset + length;
        return switch (format) {
            case TEXT_0_0_4 -> new TextParser(new Scanner(body, offset, end), mode, listener).parse();
            case OPENMETRICS_1_0 -> new OpenMetricsParser(new Scanner(body, offset, end), mode, listener).parse();
            case PROTOBUF_DELIMITED -> new ProtobufParser(new WireReader(body, offset, end)).parse();
        };
    }
}
