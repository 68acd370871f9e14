package dev.weir.aggregation.scrape;

import dev.weir.configuration.ScrapeConfig;
import dev.weir.configuration.ScrapeLimits;
import dev.weir.configuration.ScrapeProtocol;
import dev.weir.configuration.relabel.RelabelRule;
import dev.weir.exposition.ExpositionFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a job's configuration says of parsed bodies.
 *
 * @param fallback the format of bodies whose content type names none
 */
record JobRules(
        List<RelabelRule> metricRelabelConfigs,
        boolean honorLabels,
        boolean honorTimestamps,
        ScrapeLimits limits,
        ExpositionFormat fallback) {
    /** For events of jobs that are not configured here, such as a fleet's own producers. */
    static final JobRules DEFAULT =
            new JobRules(List.of(), false, true, ScrapeLimits.NONE, ExpositionFormat.TEXT_0_0_4);

    static JobRules of(ScrapeConfig job) {
        return new JobRules(
                job.metricRelabelConfigs(),
                job.honorLabels(),
                job.honorTimestamps(),
                job.limits(),
                format(job.fallbackScrapeProtocol()));
    }

    private static ExpositionFormat format(@Nullable ScrapeProtocol protocol) {
        return protocol == null
                ? ExpositionFormat.TEXT_0_0_4
                : switch (protocol) {
                    case PROMETHEUS_PROTO -> ExpositionFormat.PROTOBUF_DELIMITED;
                    case OPENMETRICS_TEXT_1_0_0, OPENMETRICS_TEXT_0_0_1 -> ExpositionFormat.OPENMETRICS_1_0;
                    case PROMETHEUS_TEXT_1_0_0, PROMETHEUS_TEXT_0_0_4 -> ExpositionFormat.TEXT_0_0_4;
                };
    }
}
