package dev.weir.configuration;

import java.io.Serializable;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The query server.
 *
 * @param retention how long samples are kept
 * @param retentionSizeBytes what they may take on disk, beyond which the oldest go earlier; 0 for no bound
 * @param hold how far beyond the frontier an evaluation time may lie and still be answered at the frontier
 * @param lookbackDelta how old a sample may be for an instant selector to take it
 * @param delayedNameRemoval whether metric names are dropped at a query's end only
 * @param limits of the server, and of each project that has none of its own
 * @param projects the limits of those that have their own
 */
public record QueryConfig(
        HostPort listen,
        Duration retention,
        long retentionSizeBytes,
        Duration hold,
        Duration lookbackDelta,
        boolean delayedNameRemoval,
        Auth auth,
        Web web,
        Limits limits,
        Map<String, Limits> projects)
        implements Serializable {
    public static final QueryConfig DEFAULT = new QueryConfig(
            new HostPort("127.0.0.1", 9095),
            Duration.ofDays(30),
            0,
            Duration.ofSeconds(60),
            Duration.ofMinutes(5),
            false,
            Auth.OFF,
            new Web(null, null, true, null),
            Limits.DEFAULT,
            Map.of());

    public QueryConfig {
        projects = Map.copyOf(projects);
    }

    /** Who may ask. */
    public enum Auth {
        /** Everybody; only on a loopback address. */
        OFF,
        /** Bearers of a token. */
        TOKENS
    }

    /**
     * How clients reach it.
     *
     * @param tls null for plain HTTP
     * @param corsOrigin RE2 expression of the origins whose pages may read the answers; null for none
     * @param enableMetricsApi whether it tells its own metrics
     * @param metricsAddress where it does; null for beside the API
     */
    public record Web(
            @Nullable Tls tls,
            @Nullable String corsOrigin,
            boolean enableMetricsApi,
            @Nullable HostPort metricsAddress) implements Serializable {}

    /**
     * PEM files, read anew when they change.
     *
     * @param clientCaFile clients must show a certificate that one of these signed; null asks for none
     */
    public record Tls(
            String certFile, String keyFile, @Nullable String clientCaFile, boolean isTls13Only)
            implements Serializable {}

    /**
     * What one project may take; 0 stands for as much as the server lets it.
     *
     * @param maxSamplesPerSecond written, on the average over ten seconds
     * @param maxActiveSeries stored
     */
    public record Share(int maxConcurrentQueries, long maxSamplesPerSecond, int maxActiveSeries)
            implements Serializable {
        static final Share UNLIMITED = new Share(0, 0, 0);
    }

    /**
     * What one request may cost.
     *
     * @param maxSamples a query may hold at once
     * @param maxSeries a query may select, over all its selectors
     * @param maxPoints per series of a range query, less one
     * @param timeout of a query
     * @param maxConcurrentQueries of all projects
     * @param maxBodySizeBytes of a write request as sent, at most 1 GiB
     * @param maxDecompressedSizeBytes of a write request, at most 1 GiB
     * @param pushes what is pushed may cost
     */
    public record Limits(
            long maxSamples,
            int maxSeries,
            int maxPoints,
            Duration timeout,
            int maxConcurrentQueries,
            long maxBodySizeBytes,
            long maxDecompressedSizeBytes,
            Pushes pushes,
            Share share)
            implements Serializable {
        public static final Limits DEFAULT = new Limits(
                50_000_000,
                1_000_000,
                11_000,
                Duration.ofMinutes(2),
                20,
                32L << 20,
                128L << 20,
                Pushes.DEFAULT,
                Share.UNLIMITED);
    }

    /**
     * What pushed pages and request events may cost.
     *
     * @param maxConcurrent pushes that are looked at or written, of all projects; half of them of one
     * @param maxWaiting pushes that wait for that
     * @param maxSizeInFlightBytes of their bodies, as sent
     * @param maxPageSizeBytes of a page as sent, at most 48 MiB
     * @param maxUnpackedSizeBytes of a page unpacked, at most 256 MiB
     * @param maxSamples of a page, at most 1,000,000
     * @param maxRequestsSizeBytes of a body of request events, at most 48 MiB
     * @param maxRequests of a body of request events
     */
    public record Pushes(
            int maxConcurrent,
            int maxWaiting,
            long maxSizeInFlightBytes,
            int maxPageSizeBytes,
            int maxUnpackedSizeBytes,
            int maxSamples,
            int maxRequestsSizeBytes,
            int maxRequests)
            implements Serializable {
        public static final Pushes DEFAULT =
                new Pushes(32, 64, 128L << 20, 16 << 20, 64 << 20, 1_000_000, 8 << 20, 10_000);
    }
}
