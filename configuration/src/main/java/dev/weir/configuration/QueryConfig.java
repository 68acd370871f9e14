package dev.weir.configuration;

import java.io.Serializable;
import java.time.Duration;

/**
 * The query server.
 *
 * @param retention how long samples are kept
 * @param retentionSizeBytes what they may take on disk, beyond which the oldest go earlier; 0 for no bound
 * @param hold how far beyond the frontier an evaluation time may lie and still be answered at the frontier
 * @param lookbackDelta how old a sample may be for an instant selector to take it
 * @param delayedNameRemoval whether metric names are dropped at a query's end only
 */
public record QueryConfig(
        HostPort listen,
        Duration retention,
        long retentionSizeBytes,
        Duration hold,
        Duration lookbackDelta,
        boolean delayedNameRemoval,
        Auth auth,
        Limits limits)
        implements Serializable {
    public static final QueryConfig DEFAULT = new QueryConfig(
            new HostPort("127.0.0.1", 9095),
            Duration.ofDays(30),
            0,
            Duration.ofSeconds(60),
            Duration.ofMinutes(5),
            false,
            Auth.OFF,
            Limits.DEFAULT);

    /** Who may ask. */
    public enum Auth {
        /** Everybody; only on a loopback address. */
        OFF,
        /** Bearers of a token. */
        TOKENS
    }

    /**
     * What one request may cost.
     *
     * @param maxSamples a query may hold at once
     * @param maxSeries a query may select, over all its selectors
     * @param maxPoints per series of a range query, less one
     * @param timeout of a query
     * @param maxBodySizeBytes of a write request as sent, at most 1 GiB
     * @param maxDecompressedSizeBytes of a write request, at most 1 GiB
     */
    public record Limits(
            long maxSamples,
            int maxSeries,
            int maxPoints,
            Duration timeout,
            int maxConcurrentQueries,
            long maxBodySizeBytes,
            long maxDecompressedSizeBytes)
            implements Serializable {
        public static final Limits DEFAULT =
                new Limits(50_000_000, 1_000_000, 11_000, Duration.ofMinutes(2), 20, 32L << 20, 128L << 20);
    }
}
