package dev.weir.producer;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.producer.ProducerConfig;

/**
 * Where events go, and how.
 *
 * @param kafka properties of Kafka's producer, {@code bootstrap.servers} among them
 * @param scrapesTopic of scrape events
 * @param requestsTopic of request events
 */
public record ProducerOptions(Map<String, String> kafka, String scrapesTopic, String requestsTopic) {
    public static final String SCRAPES = "weir.scrapes";
    public static final String REQUESTS = "weir.requests";

    /** What an acknowledgement, and one target's place in one partition, rest on. */
    private static final Map<String, String> FIXED =
            Map.of(ProducerConfig.ACKS_CONFIG, "all", ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, "true");

    private static final int BATCH_BYTES = 512 << 10;

    /** @throws IllegalArgumentException if a property would take back what this library promises */
    public ProducerOptions {
        kafka = Map.copyOf(kafka);
        for (Map.Entry<String, String> fixed : FIXED.entrySet()) {
            String given = kafka.getOrDefault(fixed.getKey(), fixed.getValue());
            if (!given.equals(fixed.getValue())) {
                throw new IllegalArgumentException(
                        fixed.getKey() + ": " + given + " (expected: " + fixed.getValue() + ")");
            }
        }
        for (String name : new String[] {
            ProducerConfig.PARTITIONER_CLASS_CONFIG,
            ProducerConfig.PARTITIONER_IGNORE_KEYS_CONFIG,
            ProducerConfig.TRANSACTIONAL_ID_CONFIG
        }) {
            if (kafka.containsKey(name)) {
                throw new IllegalArgumentException(name + ": " + kafka.get(name) + " (expected: not given)");
            }
        }
        if (!kafka.containsKey(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG)) {
            throw new IllegalArgumentException("no " + ProducerConfig.BOOTSTRAP_SERVERS_CONFIG + " (expected: one)");
        }
    }

    /** The topics' usual names on these brokers. */
    public static ProducerOptions of(String bootstrapServers) {
        return new ProducerOptions(
                Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers), SCRAPES, REQUESTS);
    }

    /** This, with one more property of Kafka's producer, such as {@code security.protocol}. */
    public ProducerOptions with(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(kafka);
        more.put(name, value);
        return new ProducerOptions(more, scrapesTopic, requestsTopic);
    }

    public ProducerOptions withTopics(String scrapes, String requests) {
        return new ProducerOptions(kafka, scrapes, requests);
    }

    /** How long a send waits for the brokers' metadata, or for room among what is on its way, before it fails. */
    public ProducerOptions withMaxBlock(Duration most) {
        return with(ProducerConfig.MAX_BLOCK_MS_CONFIG, Long.toString(most.toMillis()));
    }

    /** How long an event may take from its sending to the broker's answer before it counts as failed. */
    public ProducerOptions withDeliveryTimeout(Duration most) {
        long perRequestMs = Math.max(1, most.toMillis() / 2);
        return with(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, Long.toString(most.toMillis()))
                .with(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, Long.toString(perRequestMs));
    }

    Properties properties() {
        Properties properties = new Properties();
        properties.setProperty(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
        properties.setProperty(ProducerConfig.BATCH_SIZE_CONFIG, Integer.toString(BATCH_BYTES));
        properties.setProperty(
                ProducerConfig.MAX_REQUEST_SIZE_CONFIG, Integer.toString(EventProducer.MAX_RECORD_BYTES));
        properties.setProperty(ProducerConfig.BUFFER_MEMORY_CONFIG, Long.toString(2L * EventProducer.MAX_RECORD_BYTES));
        properties.putAll(kafka);
        properties.putAll(FIXED);
        return properties;
    }

    /** Names no value but the address: a property may be a password. */
    @Override
    public String toString() {
        return "ProducerOptions[" + kafka.get(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG) + ", " + kafka.keySet() + ", "
                + scrapesTopic + ", " + requestsTopic + "]";
    }
}
