package dev.weir.configuration;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** A format of {@code /metrics} pages, by the name that {@code scrape_protocols} has for it. */
public enum ScrapeProtocol {
    PROMETHEUS_PROTO(
            "PrometheusProto",
            "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited"),
    OPENMETRICS_TEXT_1_0_0("OpenMetricsText1.0.0", "application/openmetrics-text;version=1.0.0"),
    OPENMETRICS_TEXT_0_0_1("OpenMetricsText0.0.1", "application/openmetrics-text;version=0.0.1"),
    PROMETHEUS_TEXT_1_0_0("PrometheusText1.0.0", "text/plain;version=1.0.0"),
    PROMETHEUS_TEXT_0_0_4("PrometheusText0.0.4", "text/plain;version=0.0.4");

    /** What a job asks for: OpenMetrics before text, for its created times. */
    public static final List<ScrapeProtocol> DEFAULT =
            List.of(OPENMETRICS_TEXT_1_0_0, OPENMETRICS_TEXT_0_0_1, PROMETHEUS_TEXT_0_0_4);

    /** What a job asks for that wants native histograms, which only protobuf has. */
    public static final List<ScrapeProtocol> NATIVE_HISTOGRAMS =
            List.of(PROMETHEUS_PROTO, OPENMETRICS_TEXT_1_0_0, OPENMETRICS_TEXT_0_0_1, PROMETHEUS_TEXT_0_0_4);

    private final String configName;
    private final String mediaType;

    ScrapeProtocol(String configName, String mediaType) {
        this.configName = configName;
        this.mediaType = mediaType;
    }

    /** @throws IllegalArgumentException if there is none of that name */
    static ScrapeProtocol parse(String configName) {
        for (ScrapeProtocol protocol : values()) {
            if (protocol.configName.equals(configName)) {
                return protocol;
            }
        }
        throw new IllegalArgumentException("\"" + configName + "\" (expected: one of "
                + Arrays.stream(values()).map(protocol -> protocol.configName).collect(Collectors.joining(", ")) + ")");
    }

    public String mediaType() {
        return mediaType;
    }

    /** An {@code Accept} header that prefers the earlier ones, and takes anything else rather than nothing. */
    public static String acceptHeader(List<ScrapeProtocol> protocols) {
        StringBuilder header = new StringBuilder();
        int tenths = values().length + 1;
        for (ScrapeProtocol protocol : protocols) {
            header.append(String.format(Locale.ROOT, "%s;q=0.%d,", protocol.mediaType, tenths--));
        }
        return header.append(String.format(Locale.ROOT, "*/*;q=0.%d", tenths)).toString();
    }
}
