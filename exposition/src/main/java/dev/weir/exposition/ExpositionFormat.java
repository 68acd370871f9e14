package dev.weir.exposition;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How a {@code /metrics} page is written. */
public enum ExpositionFormat {
    /** The Prometheus text format, versions 0.0.4 and 1.0.0. */
    TEXT_0_0_4,
    /** OpenMetrics text, version 1.0. */
    OPENMETRICS_1_0;

    private static final String OPENMETRICS_MEDIA_TYPE = "application/openmetrics-text";

    /**
     * The format that a {@code Content-Type} header names. Whatever is not OpenMetrics is read as text, a missing
     * header too, since many exporters send {@code text/html} or nothing.
     */
    public static ExpositionFormat ofContentType(@Nullable String contentType) {
        if (contentType == null) {
            return TEXT_0_0_4;
        }
        int parameters = contentType.indexOf(';');
        String mediaType = parameters < 0 ? contentType : contentType.substring(0, parameters);
        return mediaType.strip().toLowerCase(Locale.ROOT).equals(OPENMETRICS_MEDIA_TYPE) ? OPENMETRICS_1_0 : TEXT_0_0_4;
    }
}
