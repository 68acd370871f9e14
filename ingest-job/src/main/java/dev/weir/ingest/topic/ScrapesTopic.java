package dev.weir.ingest.topic;

import dev.weir.configuration.KafkaConfig;
import dev.weir.ingest.scrape.Scraper;
import java.io.IOException;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * The topic of scrapes in Kafka. At least once: a scrape that is written twice changes nothing, since the second one is
 * older than what is known.
 */
public final class ScrapesTopic {
    /** The largest record that ingest writes: a body, and what stands around it. The topic must take as much. */
    public static final int MAX_RECORD_BYTES = (int) Scraper.MAX_BODY_BYTES + (1 << 20);

    private static final long PRODUCER_BUFFER_BYTES = 2L * MAX_RECORD_BYTES;
    private static final int BATCH_BYTES = 512 << 10;
    private static final int LINGER_MS = 5;
    private static final int ADMIN_TIMEOUT_MS = 10_000;

    private ScrapesTopic() {}

    /**
     * The sink that writes to the topic.
     *
     * @throws IOException if a secret's file cannot be read
     */
    public static Sink<IngestRecord> sink(KafkaConfig kafka) throws IOException {
        Properties properties = kafka.clientProperties();
        properties.setProperty(ProducerConfig.ACKS_CONFIG, "all");
        properties.setProperty(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
        properties.setProperty(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, Integer.toString(MAX_RECORD_BYTES));
        properties.setProperty(ProducerConfig.BUFFER_MEMORY_CONFIG, Long.toString(PRODUCER_BUFFER_BYTES));
        properties.setProperty(ProducerConfig.BATCH_SIZE_CONFIG, Integer.toString(BATCH_BYTES));
        properties.setProperty(ProducerConfig.LINGER_MS_CONFIG, Integer.toString(LINGER_MS));
        return KafkaSink.<IngestRecord>builder()
                .setBootstrapServers(properties.getProperty("bootstrap.servers"))
                .setKafkaProducerConfig(properties)
                .setDeliveryGuarantee(DeliveryGuarantee.AT_LEAST_ONCE)
                .setRecordSerializer(new Records(kafka.topics().scrapes()))
                .build();
    }

    /** Asks the broker. */
    public static PartitionCount partitionCount(KafkaConfig kafka) {
        return () -> {
            try (Admin admin = Admin.create(kafka.clientProperties())) {
                String topic = kafka.topics().scrapes();
                return admin.describeTopics(List.of(topic))
                        .allTopicNames()
                        .get(ADMIN_TIMEOUT_MS, TimeUnit.MILLISECONDS)
                        .values()
                        .iterator()
                        .next()
                        .partitions()
                        .size();
            }
        };
    }

    /** Scrapes go where their key's hash says, ticks where they are told to. */
    private static final class Records implements KafkaRecordSerializationSchema<IngestRecord> {
        private static final long serialVersionUID = 1;

        private final String topic;

        Records(String topic) {
            this.topic = topic;
        }

        @Override
        @SuppressWarnings("NullAway") // Kafka takes null for "no partition chosen" and "no key".
        public ProducerRecord<byte[], byte[]> serialize(IngestRecord record, KafkaSinkContext context, Long timestamp) {
            return new ProducerRecord<>(
                    topic,
                    record.partition >= 0 ? record.partition : null,
                    record.key.length == 0 ? null : record.key,
                    record.value);
        }
    }
}
