package dev.weir.delivery;

import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Kafka's record with its place, bytes untouched. */
final class SeriesRecordDeserializer implements KafkaRecordDeserializationSchema<SeriesRecord> {
    private static final long serialVersionUID = 1;

    private static final byte[] NO_VALUE = {};

    @Override
    public void deserialize(ConsumerRecord<byte[], byte[]> record, Collector<SeriesRecord> out) {
        byte[] value = record.value();
        out.collect(new SeriesRecord(
                record.topic(),
                record.partition(),
                record.offset(),
                record.timestamp(),
                record.key(),
                value == null ? NO_VALUE : value));
    }

    @Override
    public TypeInformation<SeriesRecord> getProducedType() {
        return TypeInformation.of(SeriesRecord.class);
    }
}
