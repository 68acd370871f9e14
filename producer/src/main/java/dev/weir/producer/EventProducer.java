package dev.weir.producer;

import dev.weir.schemas.EventCodec;
import dev.weir.schemas.EventKeys;
import dev.weir.schemas.InvalidEventException;
import dev.weir.schemas.RequestEvent;
import dev.weir.schemas.RequestEventCheck;
import dev.weir.schemas.ScrapeEvent;
import dev.weir.schemas.ScrapeEventCheck;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Tells Weir of scrapes and requests. An event is written once and acknowledged by all replicas before its future completes; one
 * target's scrapes go to one partition, in the order of their sending. What fails is told by the event's future, and once
 * more by the next {@link #flush} or {@link #close}, for those who look at no futures. Thread-safe.
 */
public final class EventProducer implements AutoCloseable {
    /** The largest record: a body, and what stands around it. */
    public static final int MAX_RECORD_BYTES = ScrapeEventCheck.MAX_BODY_BYTES + (1 << 20);

    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(30);

    private final Producer<byte[], byte[]> kafka;
    private final String scrapesTopic;
    private final String requestsTopic;
    private final EventCodec<ScrapeEvent> scrapes = new EventCodec<>(ScrapeEvent.class);
    private final EventCodec<RequestEvent> requests = new EventCodec<>(RequestEvent.class);
    private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();

    /** Connects in the background; brokers that are away are waited for by the first send. */
    public EventProducer(ProducerOptions options) {
        this(
                new KafkaProducer<>(options.properties(), new ByteArraySerializer(), new ByteArraySerializer()),
                options.scrapesTopic(),
                options.requestsTopic());
    }

    EventProducer(Producer<byte[], byte[]> kafka, String scrapesTopic, String requestsTopic) {
        this.kafka = kafka;
        this.scrapesTopic = scrapesTopic;
        this.requestsTopic = requestsTopic;
    }

    /**
     * Sends the event; may wait for room.
     *
     * @return where it is, once all replicas have it
     * @throws IllegalArgumentException if its values cannot be true; nothing is sent then
     */
    public CompletableFuture<RecordMetadata> send(ScrapeEvent event) {
        try {
            ScrapeEventCheck.check(event);
        } catch (InvalidEventException e) {
            throw new IllegalArgumentException("ScrapeEvent: " + e.getMessage(), e);
        }
        byte[] value;
        synchronized (scrapes) {
            value = scrapes.encode(event);
        }
        return send(scrapesTopic, EventKeys.of(event), value);
    }

    /**
     * Sends the event; may wait for room. Sent again within ten minutes, it is not counted again.
     *
     * @return where it is, once all replicas have it
     * @throws IllegalArgumentException if its values cannot be true; nothing is sent then
     */
    public CompletableFuture<RecordMetadata> send(RequestEvent event) {
        try {
            RequestEventCheck.check(event);
        } catch (InvalidEventException e) {
            throw new IllegalArgumentException("RequestEvent: " + e.getMessage(), e);
        }
        byte[] value;
        synchronized (requests) {
            value = requests.encode(event);
        }
        return send(requestsTopic, EventKeys.of(event), value);
    }

    /**
     * Waits until everything sent before is acknowledged or has failed.
     *
     * @throws ProduceException if an event failed since the last call
     */
    public void flush() {
        kafka.flush();
        tellFailure();
    }

    /** As {@link #flush}, for half a minute at most, after which what is still on its way has failed; then disconnects. */
    @Override
    public void close() {
        close(CLOSE_TIMEOUT);
    }

    /** @throws ProduceException if an event failed since the last flush */
    public void close(Duration timeout) {
        kafka.close(timeout);
        tellFailure();
    }

    private CompletableFuture<RecordMetadata> send(String topic, byte[] key, byte[] value) {
        CompletableFuture<RecordMetadata> acknowledged = new CompletableFuture<>();
        try {
            Future<RecordMetadata> unused = kafka.send(new ProducerRecord<>(topic, key, value), (metadata, e) -> {
                if (e == null) {
                    acknowledged.complete(metadata);
                } else {
                    failed(acknowledged, e);
                }
            });
        } catch (KafkaException | IllegalStateException e) {
            failed(acknowledged, e);
        }
        return acknowledged;
    }

    private void failed(CompletableFuture<RecordMetadata> acknowledged, Exception e) {
        failure.compareAndSet(null, e);
        acknowledged.completeExceptionally(e);
    }

    private void tellFailure() {
        Exception first = failure.getAndSet(null);
        if (first != null) {
            throw new ProduceException("an event was not written: " + first, first);
        }
    }
}
