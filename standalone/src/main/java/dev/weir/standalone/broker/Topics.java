package dev.weir.standalone.broker;

import dev.weir.configuration.KafkaConfig;
import dev.weir.ingest.topic.ScrapesTopic;
import dev.weir.standalone.StartupException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * Sees to it that Weir's topics exist and stamp records with the broker's time: windows follow append time only, so on a
 * topic that keeps the producers' time every number would be wrong.
 */
public final class Topics {
    private static final String LOG_APPEND_TIME = "LogAppendTime";
    private static final String UNKNOWN = "unknown";
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final Duration ASK_AGAIN_AFTER = Duration.ofMillis(50);

    private Topics() {}

    /** Retention of one topic: whatever of both is reached first, per partition for the bytes. */
    private record Retention(Duration time, long bytes) {}

    /**
     * Creates the topics that are missing and checks those that are there. Their replication factor is the broker's
     * default.
     *
     * @throws StartupException if the broker does not answer, a topic does not keep append time, that of scrapes takes no
     *     message as large as a scrape may be, or that of series has fewer partitions than the configuration says
     */
    public static void ensure(KafkaConfig kafka) {
        KafkaConfig.Topics names = kafka.topics();
        int partitions = names.partitions();
        List<NewTopic> topics = List.of(
                topic(names.scrapes(), partitions, new Retention(Duration.ofHours(6), 4L << 30)),
                topic(names.requests(), partitions, new Retention(Duration.ofHours(6), 4L << 30)),
                topic(names.series(), partitions, new Retention(Duration.ofDays(7), 4L << 30)),
                topic(names.deadLetters(), 1, new Retention(Duration.ofDays(7), 1L << 30)));
        try (Admin admin = Admin.create(properties(kafka))) {
            create(admin, topics);
            Map<ConfigResource, Config> configs =
                    configs(admin, List.of(names.scrapes(), names.requests(), names.series()));
            configs.forEach(Topics::requireAppendTime);
            requireRoomForScrapes(configs, names.scrapes());
            requirePartitions(admin, names.series(), partitions);
        } catch (TimeoutException e) {
            throw new StartupException("kafka " + kafka.bootstrapServers() + ": no answer within " + TIMEOUT, e);
        } catch (ExecutionException | IOException e) {
            Throwable cause = e instanceof ExecutionException && e.getCause() != null ? e.getCause() : e;
            throw new StartupException("kafka " + kafka.bootstrapServers() + ": topics: " + cause.getMessage(), cause);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StartupException("interrupted while creating topics", e);
        }
    }

    private static Properties properties(KafkaConfig kafka) throws IOException {
        Properties properties = kafka.clientProperties();
        properties.putIfAbsent("default.api.timeout.ms", Long.toString(TIMEOUT.toMillis()));
        return properties;
    }

    private static NewTopic topic(String name, int partitions, Retention retention) {
        return new NewTopic(name, Optional.of(partitions), Optional.empty())
                .configs(Map.of(
                        TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG, LOG_APPEND_TIME,
                        TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(EmbeddedBroker.MAX_MESSAGE_BYTES),
                        TopicConfig.RETENTION_MS_CONFIG,
                                Long.toString(retention.time().toMillis()),
                        TopicConfig.RETENTION_BYTES_CONFIG, Long.toString(retention.bytes()),
                        TopicConfig.SEGMENT_BYTES_CONFIG, Integer.toString(256 << 20)));
    }

    private static void create(Admin admin, List<NewTopic> topics)
            throws InterruptedException, ExecutionException, TimeoutException {
        Set<String> present = admin.listTopics().names().get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        List<NewTopic> missing = new ArrayList<>(topics);
        missing.removeIf(topic -> present.contains(topic.name()));
        try {
            admin.createTopics(missing).all().get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            // Somebody else may have been faster; the check afterwards decides whether the topic will do.
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw e;
            }
        }
    }

    private static Map<ConfigResource, Config> configs(Admin admin, List<String> topics)
            throws InterruptedException, ExecutionException, TimeoutException {
        List<ConfigResource> resources = topics.stream()
                .map(topic -> new ConfigResource(ConfigResource.Type.TOPIC, topic))
                .toList();
        return once(() -> admin.describeConfigs(resources).all());
    }

    /** Asks until the broker knows the topics: it may not yet, just after they were created. */
    private static <T> T once(Supplier<KafkaFuture<T>> question)
            throws InterruptedException, ExecutionException, TimeoutException {
        long deadline = System.nanoTime() + TIMEOUT.toNanos();
        while (true) {
            try {
                return question.get().get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof UnknownTopicOrPartitionException) || System.nanoTime() > deadline) {
                    throw e;
                }
                Thread.sleep(ASK_AGAIN_AFTER.toMillis());
            }
        }
    }

    private static void requireAppendTime(ConfigResource topic, Config config) {
        String value = value(config, TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG);
        if (!LOG_APPEND_TIME.equals(value)) {
            throw new StartupException("topic " + topic.name() + ": " + TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG
                    + " is " + value + " (expected: " + LOG_APPEND_TIME + "; windows follow the broker's time)");
        }
    }

    /** The ingest job sends a large scrape whole, and fails for good where the broker refuses it. */
    private static void requireRoomForScrapes(Map<ConfigResource, Config> configs, String topic) {
        Config config = configs.get(new ConfigResource(ConfigResource.Type.TOPIC, topic));
        String value = config == null ? UNKNOWN : value(config, TopicConfig.MAX_MESSAGE_BYTES_CONFIG);
        if (!value.matches("[0-9]{1,10}") || Long.parseLong(value) < ScrapesTopic.MAX_RECORD_BYTES) {
            throw new StartupException("topic " + topic + ": " + TopicConfig.MAX_MESSAGE_BYTES_CONFIG + " is " + value
                    + " (expected: at least " + ScrapesTopic.MAX_RECORD_BYTES + "; a scrape is one message)");
        }
    }

    private static String value(Config config, String name) {
        ConfigEntry entry = config.get(name);
        return entry == null || entry.value() == null ? UNKNOWN : entry.value();
    }

    /** Results go to partitions by number, so each must be there. */
    private static void requirePartitions(Admin admin, String topic, int expected)
            throws InterruptedException, ExecutionException, TimeoutException {
        Map<String, TopicDescription> topics =
                once(() -> admin.describeTopics(List.of(topic)).allTopicNames());
        int partitions = topics.values().stream()
                .mapToInt(description -> description.partitions().size())
                .sum();
        if (partitions < expected) {
            throw new StartupException("topic " + topic + ": " + partitions + " partitions (expected: at least "
                    + expected + ", as kafka.topics.partitions says)");
        }
    }
}
