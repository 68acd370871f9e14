package dev.weir.standalone;

import dev.weir.configuration.KafkaConfig;
import dev.weir.producer.EventProducer;
import dev.weir.producer.ProduceException;
import dev.weir.producer.ProducerOptions;
import dev.weir.queryserver.intake.EventSink;
import dev.weir.schemas.RequestEvent;
import dev.weir.schemas.ScrapeEvent;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Writes what the query server takes in to Kafka, acknowledged by all replicas. Before it is connected, and after it is closed, it writes
 * nothing and says so.
 */
public final class PushedEvents implements EventSink, AutoCloseable {
    /** Longer than an event may take in the producer, so that the producer's reason is told. */
    static final Duration WRITE_TIMEOUT = Duration.ofSeconds(20);

    private static final Duration MAX_BLOCK = Duration.ofSeconds(5);
    private static final Duration DELIVERY_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

    private volatile @Nullable EventProducer producer;

    /** @throws StartupException if the broker's address or a secret cannot be used */
    public void connect(KafkaConfig kafka) {
        try {
            Map<String, String> properties = new HashMap<>();
            kafka.clientProperties().forEach((name, value) -> properties.put(name.toString(), value.toString()));
            ProducerOptions options = new ProducerOptions(
                            properties, kafka.topics().scrapes(), kafka.topics().requests())
                    .withMaxBlock(MAX_BLOCK)
                    .withDeliveryTimeout(DELIVERY_TIMEOUT);
            producer = new EventProducer(options);
        } catch (IOException | RuntimeException e) {
            throw new StartupException("kafka " + kafka.bootstrapServers() + ": intake: " + e.getMessage(), e);
        }
    }

    @Override
    public CompletableFuture<?> write(ScrapeEvent event) {
        return write(connected -> connected.send(event));
    }

    @Override
    public CompletableFuture<?> write(RequestEvent event) {
        return write(connected -> connected.send(event));
    }

    @Override
    public void close() {
        EventProducer connected = producer;
        producer = null;
        if (connected != null) {
            try {
                connected.close(CLOSE_TIMEOUT);
            } catch (ProduceException e) {
                // Whoever pushed the event was answered by its future.
                return;
            }
        }
    }

    private CompletableFuture<?> write(Function<EventProducer, CompletableFuture<?>> send) {
        EventProducer connected = producer;
        return connected == null
                ? CompletableFuture.failedFuture(new IllegalStateException("Weir is starting or stopping"))
                : send.apply(connected);
    }
}
