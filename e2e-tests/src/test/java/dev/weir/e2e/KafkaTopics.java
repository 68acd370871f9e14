package dev.weir.e2e;

import dev.weir.schemas.DeadLetter;
import dev.weir.schemas.EventCodec;
import dev.weir.schemas.UndecodableRecordException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** What a stranger may do with weir's topics: write scrapes of any bytes, and read the dead letters. */
final class KafkaTopics {
    private static final String SCRAPES = "weir.scrapes";
    private static final TopicPartition DEAD_LETTERS = new TopicPartition("weir.dead-letters", 0);
    private static final Duration POLL = Duration.ofMillis(250);

    private final String bootstrapServers;

    KafkaTopics(String bootstrapServers) {
        this.bootstrapServers = bootstrapServers;
    }

    /** Writes the values under their keys, and tells where each one is. */
    Map<String, RecordMetadata> writeScrapes(Map<String, byte[]> records) throws Exception {
        return write(SCRAPES, records);
    }

    /** Writes the values under their keys, without waiting for one before the next, and tells where each one is. */
    Map<String, RecordMetadata> write(String topic, Map<String, byte[]> records) throws Exception {
        Map<String, Future<RecordMetadata>> sent = new LinkedHashMap<>();
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrapServers), new ByteArraySerializer(), new ByteArraySerializer())) {
            records.forEach((key, value) -> sent.put(
                    key, producer.send(new ProducerRecord<>(topic, key.getBytes(StandardCharsets.UTF_8), value))));
        }
        Map<String, RecordMetadata> places = new LinkedHashMap<>();
        for (Map.Entry<String, Future<RecordMetadata>> record : sent.entrySet()) {
            places.put(record.getKey(), record.getValue().get());
        }
        return places;
    }

    /** The first {@code count} dead letters. */
    List<DeadLetter> deadLetters(int count, Duration limit) throws InterruptedException {
        List<DeadLetter> letters = new ArrayList<>();
        EventCodec<DeadLetter> codec = new EventCodec<>(DeadLetter.class);
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrapServers),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            consumer.assign(List.of(DEAD_LETTERS));
            consumer.seekToBeginning(List.of(DEAD_LETTERS));
            return Until.holds(
                    "dead letters: ",
                    limit,
                    () -> {
                        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                            letters.add(decode(codec, record.value()));
                        }
                        return letters;
                    },
                    read -> read.size() >= count);
        }
    }

    /** The key of the record that the letter is about. */
    static String key(DeadLetter letter) {
        return new String(Objects.requireNonNull(letter.getKey()).array(), StandardCharsets.UTF_8);
    }

    private static DeadLetter decode(EventCodec<DeadLetter> codec, byte[] value) {
        try {
            return codec.decode(value);
        } catch (UndecodableRecordException e) {
            throw new AssertionError(e);
        }
    }
}
