package dev.weir.configuration;

import dev.weir.configuration.relabel.RelabelRule;
import java.io.Serializable;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One job of {@code scrape_configs}. Request, discovery and target relabelling are for the ingest job; {@code
 * metricRelabelConfigs}, {@code honorLabels}, {@code honorTimestamps}, {@code
 * fallbackScrapeProtocol} and all limits but the body's size are for the
 * aggregation job, which finds them by the event's job.
 *
 * @param jobName unique among the jobs
 * @param scrapeTimeout at most {@code scrapeInterval}
 * @param scheme http or https
 * @param scrapeProtocols the formats to ask for, at least one, the earlier the better
 * @param fallbackScrapeProtocol the format of pages whose content type names none; null for text 0.0.4
 */
public record ScrapeConfig(
        String jobName,
        Duration scrapeInterval,
        Duration scrapeTimeout,
        String scheme,
        String metricsPath,
        Map<String, List<String>> params,
        HttpClientConfig http,
        boolean enableCompression,
        List<StaticConfig> staticConfigs,
        List<FileSdConfig> fileSdConfigs,
        List<HttpSdConfig> httpSdConfigs,
        List<KubernetesSdConfig> kubernetesSdConfigs,
        List<RelabelRule> relabelConfigs,
        List<RelabelRule> metricRelabelConfigs,
        boolean honorLabels,
        boolean honorTimestamps,
        ScrapeLimits limits,
        List<ScrapeProtocol> scrapeProtocols,
        @Nullable ScrapeProtocol fallbackScrapeProtocol)
        implements Serializable {
    public static final Duration DEFAULT_SCRAPE_INTERVAL = Duration.ofMinutes(1);
    public static final Duration DEFAULT_SCRAPE_TIMEOUT = Duration.ofSeconds(10);

    public ScrapeConfig {
        params = Map.copyOf(params);
        staticConfigs = List.copyOf(staticConfigs);
        fileSdConfigs = List.copyOf(fileSdConfigs);
        httpSdConfigs = List.copyOf(httpSdConfigs);
        kubernetesSdConfigs = List.copyOf(kubernetesSdConfigs);
        relabelConfigs = List.copyOf(relabelConfigs);
        metricRelabelConfigs = List.copyOf(metricRelabelConfigs);
        scrapeProtocols = List.copyOf(scrapeProtocols);
    }

    /** What the ingest job reads of this; all else is as if it were not configured. */
    ScrapeConfig forIngest() {
        return new ScrapeConfig(
                jobName,
                scrapeInterval,
                scrapeTimeout,
                scheme,
                metricsPath,
                params,
                http,
                enableCompression,
                staticConfigs,
                fileSdConfigs,
                httpSdConfigs,
                kubernetesSdConfigs,
                relabelConfigs,
                List.of(),
                false,
                true,
                new ScrapeLimits(limits.bodySizeBytes(), 0, 0, 0, 0),
                scrapeProtocols,
                null);
    }

    /** What the aggregation job reads of this; all else is as if it were not configured. */
    ScrapeConfig forAggregation() {
        return new ScrapeConfig(
                jobName,
                DEFAULT_SCRAPE_INTERVAL,
                DEFAULT_SCRAPE_TIMEOUT,
                "",
                "",
                Map.of(),
                HttpClientConfig.DEFAULT,
                true,
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                metricRelabelConfigs,
                honorLabels,
                honorTimestamps,
                limits,
                List.of(),
                fallbackScrapeProtocol);
    }
}
