package dev.weir.ingest.discovery;

import dev.weir.schemas.EventKeys;
import dev.weir.series.Labels;

/**
 * Something to scrape. Project, job and URL are its identity; all else may change while it stays the same target.
 *
 * @param url with scheme, path and parameters
 * @param labels after relabelling, {@code job} and {@code instance} included, none that starts with two underscores
 */
public record Target(String project, String job, String url, Labels labels, long intervalMs, long timeoutMs) {
    public Target {
        if (intervalMs <= 0 || timeoutMs <= 0 || timeoutMs > intervalMs) {
            throw new IllegalArgumentException("scrape timeout " + timeoutMs + " ms, interval " + intervalMs
                    + " ms (expected: 0 < timeout <= interval)");
        }
    }

    /** Project, job and URL, with a separator that none of them holds. */
    public String identity() {
        return project + '\0' + job + '\0' + url;
    }

    /** The Kafka key of the target's scrapes: its identity in UTF-8. */
    public byte[] key() {
        return EventKeys.scrape(project, job, url);
    }
}
