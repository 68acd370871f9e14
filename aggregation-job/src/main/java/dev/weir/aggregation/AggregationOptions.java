package dev.weir.aggregation;

import dev.weir.configuration.WeirConfig;
import java.time.Duration;

/**
 * @param config with a known broker
 * @param expiry after which silent targets and series are forgotten
 * @param transactionTimeout how long a down time may last without losing results that were written before it; at most
 *     the broker's {@code transaction.max.timeout.ms}
 */
public record AggregationOptions(WeirConfig config, Duration expiry, Duration transactionTimeout) {
    public static final Duration DEFAULT_EXPIRY = Duration.ofHours(1);
    /** What a broker allows unless told otherwise. */
    public static final Duration DEFAULT_TRANSACTION_TIMEOUT = Duration.ofMinutes(15);

    public static AggregationOptions of(WeirConfig config) {
        return new AggregationOptions(config, DEFAULT_EXPIRY, DEFAULT_TRANSACTION_TIMEOUT);
    }
}
