package dev.weir.aggregation.scrape;

import dev.weir.configuration.ScrapeConfig;
import dev.weir.configuration.ScrapeLimits;
import dev.weir.configuration.relabel.RelabelRule;
import java.util.List;

/** What a job's configuration says of parsed bodies. */
record JobRules(
        List<RelabelRule> metricRelabelConfigs, boolean honorLabels, boolean honorTimestamps, ScrapeLimits limits) {
    /** For events of jobs that are not configured here, such as a fleet's own producers. */
    static final JobRules DEFAULT = new JobRules(List.of(), false, true, ScrapeLimits.NONE);

    static JobRules of(ScrapeConfig job) {
        return new JobRules(job.metricRelabelConfigs(), job.honorLabels(), job.honorTimestamps(), job.limits());
    }
}
