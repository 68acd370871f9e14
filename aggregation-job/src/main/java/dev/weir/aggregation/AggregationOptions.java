package dev.weir.aggregation;

import dev.weir.aggregation.operator.TransactionTimeout;
import dev.weir.configuration.WeirConfig;
import java.io.IOException;
import java.time.Duration;

/**
 * @param config with a known broker
 * @param expiry after which silent targets and series are forgotten
 * @param transactionTimeout how long a down time may last without losing results that were written before it; at most
 *     the broker's {@code transaction.max.timeout.ms}
 */
public record AggregationOptions(WeirConfig config, Duration expiry, Duration transactionTimeout) {
    public static final Duration DEFAULT_EXPIRY = Duration.ofHours(1);

    /**
     * The defaults, with the longest transactions that the configured broker allows.
     *
     * @throws IOException if a secret of the Kafka security settings cannot be read
     */
    public static AggregationOptions onBroker(WeirConfig config) throws IOException, InterruptedException {
        return new AggregationOptions(
                config,
                DEFAULT_EXPIRY,
                TransactionTimeout.allowedBy(config.kafka().clientProperties()));
    }

    /** The defaults. */
    public static AggregationOptions of(WeirConfig config) {
        return new AggregationOptions(config, DEFAULT_EXPIRY, TransactionTimeout.DEFAULT);
    }
}
