package dev.weir.aggregation.operator;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How long a transaction of the job may stay open, which is how long the job may be down, with a checkpoint that is not yet
 * committed, without losing that checkpoint's results: as long as the brokers allow, up to {@link #MOST}.
 */
public final class TransactionTimeout {
    /** Taken where the brokers do not tell: what they allow unless told otherwise. */
    public static final Duration DEFAULT = Duration.ofMinutes(15);

    static final Duration MOST = Duration.ofDays(7);

    private static final Logger LOG = LoggerFactory.getLogger(TransactionTimeout.class);
    private static final String BROKERS_MOST = "transaction.max.timeout.ms";
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    /** A shorter one is worth a warning: a night's maintenance takes longer. */
    private static final Duration COMFORTABLE = Duration.ofHours(1);

    private TransactionTimeout() {}

    /** The longest that all brokers of the cluster allow; {@link #DEFAULT}, with a warning, where they do not tell. */
    public static Duration allowedBy(Properties client) throws InterruptedException {
        Duration allowed;
        try (Admin admin = Admin.create(client)) {
            allowed = ask(admin);
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn(
                    "{} of the brokers cannot be read, transactions time out after {}: {}",
                    BROKERS_MOST,
                    DEFAULT,
                    e.toString());
            return DEFAULT;
        }
        Duration timeout = allowed.compareTo(MOST) < 0 ? allowed : MOST;
        if (timeout.compareTo(COMFORTABLE) < 0) {
            LOG.warn(
                    "transaction.timeout.ms is {}, as {} of the brokers allows no more; a down time longer than that can"
                            + " lose the results of one checkpoint (expected: at least {} ms)",
                    timeout.toMillis(),
                    BROKERS_MOST,
                    COMFORTABLE.toMillis());
        } else {
            LOG.info("transaction.timeout.ms is {}, {} is {}", timeout.toMillis(), BROKERS_MOST, allowed.toMillis());
        }
        return timeout;
    }

    private static Duration ask(Admin admin) throws InterruptedException, ExecutionException, TimeoutException {
        List<ConfigResource> brokers =
                admin.describeCluster().nodes().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS).stream()
                        .map(node -> new ConfigResource(ConfigResource.Type.BROKER, node.idString()))
                        .toList();
        Map<ConfigResource, Config> configs =
                admin.describeConfigs(brokers).all().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        return configs.values().stream()
                .map(config -> config.get(BROKERS_MOST))
                .filter(entry -> entry != null && entry.value() != null)
                .map(ConfigEntry::value)
                .map(text -> Duration.ofMillis(Long.parseLong(text)))
                .min(Duration::compareTo)
                .orElseThrow(() -> new TimeoutException("no broker told"));
    }
}
