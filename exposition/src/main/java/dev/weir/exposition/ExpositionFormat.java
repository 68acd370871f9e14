package dev.weir.exposition;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How a {@code /metrics} page is written. */
public enum ExpositionFormat {
    /** The Prometheus text format, versions 0.0.4 and 1.0.0. */
    TEXT_0_0_4,
    /** OpenMetrics text, version 1.0. */
    OPENMETRICS_1_0,
    /** Messages {@code io.prometheus.client.MetricFamily}, each after its length. */
    PROTOBUF_DELIMITED;

    private static final String OPENMETRICS_MEDIA_TYPE = "application/openmetrics-text";
    private static final String PROTOBUF_MEDIA_TYPE = "application/vnd.google.protobuf";
    private static final String TEXT_MEDIA_TYPE = "text/plain";
    private static final String MESSAGE = "io.prometheus.client.MetricFamily";
    private static final int EXCERPT_CHARS = 120;

    /**
     * The format that a {@code Content-Type} header names. What is neither OpenMetrics nor protobuf is read as text, a
     * missing header too, since many exporters send {@code text/html} or nothing.
     *
     * @throws ExpositionException if it names a protobuf message or encoding that no page has
     */
    public static ExpositionFormat ofContentType(@Nullable String contentType) throws ExpositionException {
        return ofContentType(contentType, TEXT_0_0_4);
    }

    /**
     * The format that a {@code Content-Type} header names, or {@code fallback} if it names none.
     *
     * @throws ExpositionException if it names a protobuf message or encoding that no page has
     */
    public static ExpositionFormat ofContentType(@Nullable String contentType, ExpositionFormat fallback)
            throws ExpositionException {
        if (contentType == null) {
            return fallback;
        }
        String[] parts = contentType.split(";", -1);
        return switch (parts[0].strip().toLowerCase(Locale.ROOT)) {
            case TEXT_MEDIA_TYPE -> TEXT_0_0_4;
            case OPENMETRICS_MEDIA_TYPE -> OPENMETRICS_1_0;
            case PROTOBUF_MEDIA_TYPE -> {
                // As in Prometheus, what is not said is taken for granted.
                requireParameter(contentType, parts, "proto", MESSAGE);
                requireParameter(contentType, parts, "encoding", "delimited");
                yield PROTOBUF_DELIMITED;
            }
            default -> fallback;
        };
    }

    private static void requireParameter(String contentType, String[] parts, String name, String expected)
            throws ExpositionException {
        for (int i = 1; i < parts.length; i++) {
            int equals = parts[i].indexOf('=');
            if (equals < 0 || !parts[i].substring(0, equals).strip().equalsIgnoreCase(name)) {
                continue;
            }
            String value = parts[i].substring(equals + 1).strip();
            if (value.length() > 1 && value.startsWith("\"") && value.endsWith("\"")) {
                value = value.substring(1, value.length() - 1);
            }
            if (!value.equals(expected)) {
                throw ExpositionException.ofContentType("content type " + excerpt(contentType) + " (expected: " + name
                        + "=" + expected + ", as for " + PROTOBUF_MEDIA_TYPE + " from a /metrics page)");
            }
        }
    }

    private static String excerpt(String text) {
        String shown = text.length() <= EXCERPT_CHARS ? text : text.substring(0, EXCERPT_CHARS) + "...";
        return "\"" + shown.replaceAll("\\p{Cntrl}", "?") + "\"";
    }
}
