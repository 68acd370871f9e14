package dev.weir.queryserver.limit;

import java.time.Duration;
import java.util.Map;

/**
 * What one project may take.
 *
 * @param timeout of a query, waiting included
 * @param maxConcurrentQueries how many run at a time; more wait
 * @param maxSamples samples that a query may hold in memory at once, each of 16 bytes
 * @param maxSeries series that a query may select, over all its selectors
 * @param maxPoints points of each series of a range query, less one
 * @param maxSamplesPerSecond samples written, on the average; 0 for as many as come
 * @param maxActiveSeries series stored; 0 for as many as the store takes
 */
public record ProjectLimits(
        Duration timeout,
        int maxConcurrentQueries,
        long maxSamples,
        int maxSeries,
        int maxPoints,
        long maxSamplesPerSecond,
        int maxActiveSeries) {
    /** Half of the processors, so that another project's query finds one. */
    public static final int DEFAULT_CONCURRENT_QUERIES =
            Math.max(1, Runtime.getRuntime().availableProcessors() / 2);

    public ProjectLimits {
        if (timeout.isNegative()
                || timeout.isZero()
                || Math.min(Math.min(maxConcurrentQueries, maxSamples), Math.min(maxSeries, maxPoints)) <= 0
                || maxSamplesPerSecond < 0
                || maxActiveSeries < 0) {
            throw new IllegalArgumentException("limits of a project: timeout " + timeout + ", maxConcurrentQueries "
                    + maxConcurrentQueries + ", maxSamples " + maxSamples + ", maxSeries " + maxSeries + ", maxPoints "
                    + maxPoints + ", maxSamplesPerSecond " + maxSamplesPerSecond + ", maxActiveSeries "
                    + maxActiveSeries + " (expected: each > 0, the last two >= 0)");
        }
    }

    /** For a server with the default limits of queries. */
    public static final ProjectLimits DEFAULT =
            new ProjectLimits(Duration.ofMinutes(2), DEFAULT_CONCURRENT_QUERIES, 50_000_000, 1_000_000, 11_000, 0, 0);

    /** The limits of every project: its own, or those of all that have none. */
    public record Table(ProjectLimits others, Map<String, ProjectLimits> byProject) {
        public static final Table DEFAULT = new Table(ProjectLimits.DEFAULT, Map.of());

        public Table {
            byProject = Map.copyOf(byProject);
        }

        /** Whether there is a project whose samples per second are limited. */
        public boolean limitIngest() {
            return others.maxSamplesPerSecond > 0
                    || byProject.values().stream().anyMatch(limits -> limits.maxSamplesPerSecond > 0);
        }

        public ProjectLimits of(String project) {
            return byProject.getOrDefault(project, others);
        }
    }
}
