package dev.weir.configuration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScrapeProtocolTest {
    @Test
    void openMetricsIsPreferredUnlessSomethingIsSaid() {
        ScrapeConfig job = job("", "");
        assertEquals(ScrapeProtocol.DEFAULT, job.scrapeProtocols());
        assertNull(job.fallbackScrapeProtocol());
        assertEquals(
                "application/openmetrics-text;version=1.0.0;q=0.6,application/openmetrics-text;version=0.0.1;q=0.5,"
                        + "text/plain;version=0.0.4;q=0.4,*/*;q=0.3",
                ScrapeProtocol.acceptHeader(job.scrapeProtocols()));
    }

    @Test
    void nativeHistogramsAskForProtobufFirst() {
        assertEquals(
                ScrapeProtocol.NATIVE_HISTOGRAMS,
                job("", "scrape_native_histograms: true").scrapeProtocols());
        assertEquals(
                ScrapeProtocol.NATIVE_HISTOGRAMS,
                job("scrape_native_histograms: true", "").scrapeProtocols());
        assertEquals(
                ScrapeProtocol.DEFAULT,
                job("scrape_native_histograms: true", "scrape_native_histograms: false")
                        .scrapeProtocols());
    }

    @Test
    void jobsOwnListIsTakenBeforeTheGlobalOne() {
        String global = "scrape_protocols: [PrometheusText1.0.0]";
        assertEquals(
                List.of(ScrapeProtocol.PROMETHEUS_TEXT_1_0_0), job(global, "").scrapeProtocols());
        assertEquals(
                List.of(ScrapeProtocol.PROMETHEUS_PROTO),
                job(global, "scrape_protocols: [PrometheusProto]").scrapeProtocols());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    scrape_protocols: []                                     | none (expected: at least one
                    scrape_protocols: [PrometheusProto, PrometheusProto]     | twice (expected: at least one, each once
                    scrape_protocols: [protobuf]                             | "protobuf" (expected: one of PrometheusProto,
                    fallback_scrape_protocol: Text                           | fallback_scrape_protocol: "Text" (expected: one of
                    """)
    void listThatIsNoneIsRefusedByNameAndLine(String line, String problem) {
        String message = String.valueOf(
                assertThrows(ConfigurationException.class, () -> job("", line)).getMessage());
        assertTrue(message.contains(problem), message);
        assertTrue(message.startsWith("weir.yml:4:"), message);
    }

    private static ScrapeConfig job(String global, String line) {
        return WeirConfig.parse(
                        "global: {" + global + "}\nscrape_configs:\n- job_name: j\n  " + line + "\n", "weir.yml")
                .scrapeConfigs()
                .get(0);
    }
}
