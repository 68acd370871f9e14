package dev.weir.standalone.broker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.weir.configuration.KafkaConfig;
import dev.weir.ingest.topic.ScrapesTopic;
import dev.weir.standalone.StartupException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class EmbeddedBrokerTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @Test
    void keepsTopicsRecordsAndAddressOverARestart() throws Exception {
        String address;
        long before = System.currentTimeMillis();
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder)) {
            address = broker.bootstrapServers();
            KafkaConfig kafka = kafka(broker);
            Topics.ensure(kafka);
            try (KafkaProducer<String, String> producer =
                    new KafkaProducer<>(kafka.clientProperties(), new StringSerializer(), new StringSerializer())) {
                producer.send(new ProducerRecord<>("weir.series", 2, 12L, "group", "window"))
                        .get();
            }
        }
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder)) {
            assertEquals(address, broker.bootstrapServers());
            Topics.ensure(kafka(broker));
            ConsumerRecord<String, String> record = read(broker, new TopicPartition("weir.series", 2));
            assertEquals("window", record.value());
            assertEquals(true, record.timestamp() >= before, "append time, not the producer's " + record.timestamp());
        }
    }

    @Test
    void refusesATopicThatKeepsTheProducersTime() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder)) {
            KafkaConfig kafka = kafka(broker);
            try (Admin admin = Admin.create(kafka.clientProperties())) {
                admin.createTopics(List.of(new NewTopic("weir.scrapes", Optional.of(1), Optional.empty())))
                        .all()
                        .get();
            }
            StartupException refused = assertThrows(StartupException.class, () -> Topics.ensure(kafka));
            assertEquals(
                    "topic weir.scrapes: message.timestamp.type is CreateTime (expected: LogAppendTime; windows follow"
                            + " the broker's time)",
                    refused.getMessage());
        }
    }

    @Test
    void refusesATopicThatTakesNoScrapeOfTheLargestSize() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder)) {
            KafkaConfig kafka = kafka(broker);
            Topics.ensure(kafka);
            setMaxMessageBytes(kafka, ScrapesTopic.MAX_RECORD_BYTES);
            Topics.ensure(kafka);
            setMaxMessageBytes(kafka, ScrapesTopic.MAX_RECORD_BYTES - 1);
            StartupException refused = assertThrows(StartupException.class, () -> Topics.ensure(kafka));
            assertEquals(
                    "topic weir.scrapes: max.message.bytes is 51380223 (expected: at least 51380224; a scrape is one"
                            + " message)",
                    refused.getMessage());
        }
    }

    @Test
    void refusesTooFewPartitionsForTheResults() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder)) {
            KafkaConfig kafka = kafka(broker);
            Topics.ensure(kafka);
            KafkaConfig.Topics names = kafka.topics();
            KafkaConfig more = new KafkaConfig(
                    kafka.bootstrapServers(),
                    Map.of(),
                    new KafkaConfig.Topics(names.scrapes(), names.requests(), names.series(), names.deadLetters(), 8));
            StartupException refused = assertThrows(StartupException.class, () -> Topics.ensure(more));
            assertEquals(
                    "topic weir.series: 4 partitions (expected: at least 8, as kafka.topics.partitions says)",
                    refused.getMessage());
        }
    }

    private static void setMaxMessageBytes(KafkaConfig kafka, int bytes) throws Exception {
        ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, "weir.scrapes");
        ConfigEntry entry = new ConfigEntry("max.message.bytes", Integer.toString(bytes));
        try (Admin admin = Admin.create(kafka.clientProperties())) {
            admin.incrementalAlterConfigs(Map.of(topic, List.of(new AlterConfigOp(entry, AlterConfigOp.OpType.SET))))
                    .all()
                    .get();
            // The controller has taken it; the broker tells of it a little later.
            while (!entry.value().equals(maxMessageBytes(admin, topic))) {
                LockSupport.parkNanos(10_000_000);
            }
        }
    }

    private static String maxMessageBytes(Admin admin, ConfigResource topic) throws Exception {
        return admin.describeConfigs(List.of(topic))
                .all()
                .get()
                .values()
                .iterator()
                .next()
                .get("max.message.bytes")
                .value();
    }

    private static KafkaConfig kafka(EmbeddedBroker broker) {
        return new KafkaConfig(broker.bootstrapServers(), Map.of(), KafkaConfig.Topics.DEFAULT);
    }

    private static ConsumerRecord<String, String> read(EmbeddedBroker broker, TopicPartition partition)
            throws Exception {
        Properties properties = kafka(broker).clientProperties();
        properties.setProperty("auto.offset.reset", "earliest");
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(properties, new StringDeserializer(), new StringDeserializer())) {
            consumer.assign(List.of(partition));
            return consumer.poll(Duration.ofSeconds(20)).records(partition).get(0);
        }
    }
}
