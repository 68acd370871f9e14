package dev.weir.delivery;

import dev.weir.schemas.DeadLetter;
import dev.weir.schemas.EventCodec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** Dead letters as records of a topic. The producer is made at the first letter, since most jobs never have one. */
final class KafkaDeadLetters implements DeadLetters {
    private final Properties properties = new Properties();
    private final String topic;
    private final EventCodec<DeadLetter> codec = new EventCodec<>(DeadLetter.class);
    private @Nullable KafkaProducer<byte[], byte[]> producer;

    KafkaDeadLetters(Properties clientProperties, String topic) {
        properties.putAll(clientProperties);
        properties.put(ProducerConfig.ACKS_CONFIG, "all");
        properties.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
        properties.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, 64 << 20);
        this.topic = topic;
    }

    @Override
    public void add(DeadLetter letter) throws IOException, InterruptedException {
        try {
            producer().send(new ProducerRecord<>(topic, codec.encode(letter))).get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RecordTooLargeException
                    && letter.getValue().hasRemaining()) {
                // Its place in the source topic still tells where it is; a letter that never fits would end every
                // attempt.
                add(withoutValue(letter));
                return;
            }
            throw new IOException("cannot write to " + topic + ": " + e.getCause(), e.getCause());
        }
    }

    @Override
    public void close() {
        if (producer != null) {
            producer.close(Duration.ZERO);
        }
    }

    private static DeadLetter withoutValue(DeadLetter letter) {
        int bytes = letter.getValue().remaining();
        return DeadLetter.newBuilder(letter)
                .setReason(letter.getReason() + " (" + bytes + " bytes, more than the topic takes)")
                .setValue(ByteBuffer.allocate(0))
                .build();
    }

    private KafkaProducer<byte[], byte[]> producer() {
        if (producer == null) {
            producer = new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
        }
        return producer;
    }
}
