package dev.weir.aggregation;

import dev.weir.aggregation.operator.TransactionTimeout;
import dev.weir.aggregation.operator.WrittenWindows;
import dev.weir.configuration.WeirConfig;
import java.io.IOException;
import java.time.Duration;
import java.util.Properties;

/**
 * @param config with a known broker
 * @param expiry after which silent targets and series are forgotten
 * @param transactionTimeout how long a down time may last without losing results that were written before it; at most
 *     the broker's {@code transaction.max.timeout.ms}
 * @param written what {@code weir.series} holds when the job is submitted, which is not written again
 */
public record AggregationOptions(
        WeirConfig config, Duration expiry, Duration transactionTimeout, WrittenWindows written) {
    public static final Duration DEFAULT_EXPIRY = Duration.ofHours(1);

    /**
     * The defaults, with the longest transactions that the configured broker allows and the windows that it has.
     *
     * @throws IOException if a secret of the Kafka security settings cannot be read
     */
    public static AggregationOptions onBroker(WeirConfig config) throws IOException, InterruptedException {
        Properties client = config.kafka().clientProperties();
        return new AggregationOptions(
                config,
                DEFAULT_EXPIRY,
                TransactionTimeout.allowedBy(client),
                WrittenWindows.in(client, config.kafka().topics().series()));
    }

    /** The defaults. */
    public static AggregationOptions of(WeirConfig config) {
        return new AggregationOptions(config, DEFAULT_EXPIRY, TransactionTimeout.DEFAULT, WrittenWindows.NONE);
    }
}
