package dev.weir.aggregation.operator;

import dev.weir.aggregation.group.SeriesRecord;
import dev.weir.aggregation.request.RequestReport;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Properties;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetResetStrategy;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/** The job's ends in Kafka. */
public final class KafkaEnds {
    /** Largest record that is written or read: the largest body and its labels. */
    private static final int MAX_RECORD_BYTES = 64 << 20;

    /** A fetch is answered when there is so much to read, or after {@link #FETCH_WAIT}: small fetches cost the most. */
    private static final int FETCH_BYTES = 4 << 20;

    private static final Duration FETCH_WAIT = Duration.ofMillis(500);

    /** The system's own size, which grows with what comes; with Kafka's 64 kB a fetch of some MB takes dozens of reads. */
    private static final String SYSTEM_BUFFER = "-1";

    private static final String TRANSACTIONAL_ID_PREFIX = "weir-aggregation-";

    private KafkaEnds() {}

    /** Type of {@link #source}'s records. */
    public static TypeInformation<InboundRecord> inboundType() {
        return new BinaryTypeInfo<>(InboundRecord.class, BinarySerializer.OfInboundRecord.INSTANCE);
    }

    public static TypeInformation<RoutedScrape> routedType() {
        return new BinaryTypeInfo<>(RoutedScrape.class, BinarySerializer.OfRoutedScrape.INSTANCE);
    }

    /** Type of the name of a target. */
    public static TypeInformation<String> nameType() {
        return new BinaryTypeInfo<>(String.class, BinarySerializer.OfName.INSTANCE);
    }

    public static TypeInformation<LanedReport> lanedType() {
        return new BinaryTypeInfo<>(LanedReport.class, BinarySerializer.OfLanedReport.INSTANCE);
    }

    public static TypeInformation<RequestReport> requestType() {
        return new BinaryTypeInfo<>(RequestReport.class, BinarySerializer.OfRequestReport.INSTANCE);
    }

    public static TypeInformation<LanedRequest> lanedRequestType() {
        return new BinaryTypeInfo<>(LanedRequest.class, BinarySerializer.OfLanedRequest.INSTANCE);
    }

    public static TypeInformation<SeriesRecord> seriesType() {
        return new BinaryTypeInfo<>(SeriesRecord.class, BinarySerializer.OfSeriesRecord.INSTANCE);
    }

    /** The topic from the checkpoint; without one from where this group left off, at first from its beginning. */
    @SuppressWarnings("deprecation") // The connector's own API takes the deprecated enum.
    public static KafkaSource<InboundRecord> source(Properties client, String topic) {
        return KafkaSource.<InboundRecord>builder()
                .setProperties(client)
                .setProperty("max.partition.fetch.bytes", Integer.toString(8 << 20))
                .setProperty("receive.buffer.bytes", SYSTEM_BUFFER)
                .setProperty("fetch.min.bytes", Integer.toString(FETCH_BYTES))
                .setProperty("fetch.max.wait.ms", Long.toString(FETCH_WAIT.toMillis()))
                .setProperty("partition.discovery.interval.ms", "60000")
                .setTopics(topic)
                .setGroupId("weir-aggregation")
                .setStartingOffsets(OffsetsInitializer.committedOffsets(OffsetResetStrategy.EARLIEST))
                .setDeserializer(new ToInboundRecord())
                .build();
    }

    /**
     * Results, exactly once, each in its lane's partition; but for a transaction that the broker has given up, which is counted
     * as {@code weir_lost_transactions_total}.
     */
    public static Sink<SeriesRecord> seriesSink(Properties client, String topic, Duration transactionTimeout) {
        return new SeriesSink(KafkaSink.<SeriesRecord>builder()
                .setKafkaProducerConfig(producer(client, transactionTimeout))
                .setRecordSerializer(new ToPartition(topic))
                .setDeliveryGuarantee(DeliveryGuarantee.EXACTLY_ONCE)
                .setTransactionalIdPrefix(TRANSACTIONAL_ID_PREFIX + topic)
                .build());
    }

    /** Dead letters, at least once. */
    public static KafkaSink<byte[]> deadLetterSink(Properties client, String topic) {
        return KafkaSink.<byte[]>builder()
                .setKafkaProducerConfig(producer(client, Duration.ofMinutes(1)))
                .setRecordSerializer(new ToTopic(topic))
                .setDeliveryGuarantee(DeliveryGuarantee.AT_LEAST_ONCE)
                .build();
    }

    private static Properties producer(Properties client, Duration transactionTimeout) {
        Properties properties = new Properties();
        properties.putAll(client);
        properties.setProperty("compression.type", "lz4");
        properties.setProperty("max.request.size", Integer.toString(MAX_RECORD_BYTES));
        properties.setProperty("transaction.timeout.ms", Long.toString(transactionTimeout.toMillis()));
        return properties;
    }

    private static final class ToInboundRecord implements KafkaRecordDeserializationSchema<InboundRecord> {
        private static final long serialVersionUID = 1;
        private static final byte[] NOTHING = new byte[0];

        @Override
        public void deserialize(ConsumerRecord<byte[], byte[]> record, Collector<InboundRecord> out) {
            out.collect(new InboundRecord(
                    record.topic(),
                    record.partition(),
                    record.offset(),
                    record.timestamp(),
                    record.key() == null ? NOTHING : record.key(),
                    record.value() == null ? NOTHING : record.value()));
        }

        @Override
        public TypeInformation<InboundRecord> getProducedType() {
            return inboundType();
        }
    }

    private static final class ToPartition implements KafkaRecordSerializationSchema<SeriesRecord> {
        private static final long serialVersionUID = 1;
        private final String topic;

        ToPartition(String topic) {
            this.topic = topic;
        }

        @Override
        public ProducerRecord<byte[], byte[]> serialize(
                SeriesRecord record, KafkaSinkContext context, @Nullable Long timestampMs) {
            return new ProducerRecord<>(topic, record.lane(), record.key(), record.value());
        }
    }

    private static final class ToTopic implements KafkaRecordSerializationSchema<byte[]> {
        private static final long serialVersionUID = 1;
        private static final byte[] KEY = "aggregation-job".getBytes(StandardCharsets.UTF_8);
        private final String topic;

        ToTopic(String topic) {
            this.topic = topic;
        }

        @Override
        public ProducerRecord<byte[], byte[]> serialize(
                byte[] letter, KafkaSinkContext context, @Nullable Long timestampMs) {
            return new ProducerRecord<>(topic, KEY, letter);
        }
    }
}
