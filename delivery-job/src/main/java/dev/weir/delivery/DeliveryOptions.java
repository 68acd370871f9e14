package dev.weir.delivery;

import dev.weir.configuration.ConfigurationException;
import dev.weir.configuration.HttpClientConfig;
import dev.weir.configuration.KafkaConfig;
import dev.weir.configuration.RemoteWriteConfig;
import dev.weir.series.Labels;
import java.io.Serializable;
import java.net.URI;
import java.time.Duration;
import java.util.Map;

/**
 * What one delivery job is told.
 *
 * @param receiver where to write, its name and its credentials
 * @param kafka where {@code weir.series} and the dead letters are
 * @param externalLabels added to series that lack them; empty for Weir's own query server
 * @param limits how much goes into one request
 */
public record DeliveryOptions(RemoteWriteConfig receiver, KafkaConfig kafka, Labels externalLabels, Limits limits)
        implements Serializable {
    private static final String QUERY_SERVER = "query-server";

    /** Options with the default limits and no external labels. */
    public DeliveryOptions(RemoteWriteConfig receiver, KafkaConfig kafka) {
        this(receiver, kafka, Labels.EMPTY, Limits.DEFAULT);
    }

    /**
     * Does nothing if a delivery job can serve this entry of {@code remote_write}.
     *
     * @throws ConfigurationException if it cannot; the message says why
     */
    public static void requireSupported(RemoteWriteConfig receiver) {
        if (receiver.name().equals(QUERY_SERVER)) {
            throw new ConfigurationException("remote_write " + receiver.name()
                    + ": name (expected: another one; it is that of Weir's own query server)");
        }
    }

    /** The query server at {@code baseUrl}, such as {@code http://127.0.0.1:9095}, as a receiver. */
    public static RemoteWriteConfig queryServer(URI baseUrl) {
        return new RemoteWriteConfig(
                QUERY_SERVER,
                baseUrl.resolve("/api/v1/write"),
                Map.of(),
                HttpClientConfig.DEFAULT,
                RemoteWriteConfig.DEFAULT_REMOTE_TIMEOUT);
    }

    /**
     * How much goes into one request. A single record larger than the limits is sent alone.
     *
     * @param maxRequestBytes before compression
     * @param maxRequestRecords of {@code weir.series}
     * @param linger how long a record waits for company
     */
    public record Limits(int maxRequestBytes, int maxRequestRecords, Duration linger) implements Serializable {
        public static final Limits DEFAULT = new Limits(2 << 20, 500, Duration.ofMillis(100));

        public Limits {
            if (maxRequestBytes < 1 || maxRequestRecords < 1 || linger.isNegative()) {
                throw new IllegalArgumentException("delivery limits: " + maxRequestBytes + " bytes, "
                        + maxRequestRecords + " records, linger " + linger + " (expected: >= 1, >= 1, >= 0)");
            }
        }
    }
}
