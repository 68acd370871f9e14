package dev.weir.delivery;

import dev.weir.configuration.ConfigurationException;
import dev.weir.configuration.KafkaConfig;
import dev.weir.configuration.RemoteWriteConfig;
import dev.weir.configuration.Secret;
import dev.weir.configuration.WeirConfig;
import dev.weir.series.Labels;
import java.io.Serializable;
import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

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

    /** Options for an entry of {@code remote_write}, with the external labels and limits that the configuration says. */
    public static DeliveryOptions toReceiver(WeirConfig config, RemoteWriteConfig receiver) {
        return new DeliveryOptions(receiver, config.kafka(), config.externalLabels(), Limits.of(receiver.queue()));
    }

    /**
     * Options for Weir's own query server at {@code baseUrl}, such as {@code http://127.0.0.1:9095}.
     *
     * @param token what it lets this process write with; null if it asks for none
     */
    public static DeliveryOptions toQueryServer(URI baseUrl, @Nullable Secret token, KafkaConfig kafka) {
        return new DeliveryOptions(queryServer(baseUrl, token), kafka, Labels.EMPTY, Limits.QUERY_SERVER);
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

    private static RemoteWriteConfig queryServer(URI baseUrl, @Nullable Secret token) {
        RemoteWriteConfig receiver = RemoteWriteConfig.of(QUERY_SERVER, baseUrl.resolve("/api/v1/write"))
                .withBackFill(new RemoteWriteConfig.BackFill(true, 0));
        return token == null ? receiver : receiver.withToken(token);
    }

    /**
     * How much goes into one request. A single record with more bytes is sent alone; one with more samples is split, but for
     * a histogram.
     *
     * @param maxRequestBytes before compression
     * @param maxRequestRecords of {@code weir.series}
     * @param maxRequestSamples native histograms among them
     * @param linger how long a record waits for company
     */
    public record Limits(int maxRequestBytes, int maxRequestRecords, int maxRequestSamples, Duration linger)
            implements Serializable {
        static final Limits QUERY_SERVER = new Limits(2 << 20, 500, Integer.MAX_VALUE, Duration.ofMillis(100));

        public Limits {
            if (maxRequestBytes < 1 || maxRequestRecords < 1 || maxRequestSamples < 1 || linger.isNegative()) {
                throw new IllegalArgumentException("delivery limits: " + maxRequestBytes + " bytes, "
                        + maxRequestRecords + " records, " + maxRequestSamples + " samples, linger " + linger
                        + " (expected: >= 1, >= 1, >= 1, >= 0)");
            }
        }

        static Limits of(RemoteWriteConfig.Queue queue) {
            return new Limits(
                    QUERY_SERVER.maxRequestBytes,
                    QUERY_SERVER.maxRequestRecords,
                    queue.maxSamplesPerSend(),
                    queue.batchSendDeadline());
        }
    }
}
