package dev.weir.ingest.source;

import dev.weir.configuration.ScrapeConfig;
import dev.weir.configuration.WeirConfig;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/**
 * What must survive a restart: who this scraper is, and since when it watches each job. Size: some hundred bytes per job.
 *
 * @param jobs by name
 */
record EnumeratorState(String scraperId, Map<String, WatchedJob> jobs) {
    EnumeratorState {
        jobs = Map.copyOf(jobs);
    }

    /** A scraper that has seen nothing yet. */
    static EnumeratorState fresh() {
        return new EnumeratorState(UUID.randomUUID().toString(), Map.of());
    }

    /**
     * The state under {@code config}: jobs it does not have are forgotten, and one that is new, or whose targets are now
     * chosen in another way, is watched from {@code nowMs} on, since nothing is known of what it did not choose before.
     */
    EnumeratorState under(WeirConfig config, long nowMs) {
        Map<String, WatchedJob> kept = new TreeMap<>();
        for (ScrapeConfig scrapeConfig : config.scrapeConfigs()) {
            String rules = rulesOf(scrapeConfig);
            WatchedJob before = jobs.get(scrapeConfig.jobName());
            kept.put(
                    scrapeConfig.jobName(),
                    before != null && before.rules().equals(rules) ? before : new WatchedJob(nowMs, rules));
        }
        return new EnumeratorState(scraperId, kept);
    }

    long watchedSinceMs(String job) {
        WatchedJob watched = jobs.get(job);
        if (watched == null) {
            throw new IllegalStateException("job \"" + job + "\" is not configured");
        }
        return watched.sinceMs();
    }

    private static String rulesOf(ScrapeConfig config) {
        String text = config.staticConfigs() + "|" + config.fileSdConfigs() + "|" + config.httpSdConfigs() + "|"
                + config.kubernetesSdConfigs() + "|" + config.relabelConfigs();
        return UUID.nameUUIDFromBytes(text.getBytes(StandardCharsets.UTF_8)).toString();
    }

    /**
     * @param sinceMs when the watch began, milliseconds since the epoch by the scraper's clock
     * @param rules a digest of how the job's targets are chosen
     */
    record WatchedJob(long sinceMs, String rules) {}
}
