package dev.weir.standalone.command;

import dev.weir.schemas.EventCodec;
import dev.weir.schemas.RequestEvent;
import dev.weir.schemas.RequestStatus;
import dev.weir.schemas.Vantage;
import dev.weir.simulator.engine.FinishedRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells Weir of each request that the simulated vLLM servers finish, as a gateway would; of none before it is connected. */
final class DemoRequests implements Consumer<FinishedRequest>, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DemoRequests.class);

    /** The fleet must not wait for Kafka. */
    private static final String NO_WAIT_MS = "1";

    private final String project;
    private final String topic;
    private final EventCodec<RequestEvent> codec = new EventCodec<>(RequestEvent.class);
    private @Nullable KafkaProducer<byte[], byte[]> producer;

    DemoRequests(String project, String topic) {
        this.project = project;
        this.topic = topic;
    }

    synchronized void connect(String bootstrapServers) {
        KafkaProducer<byte[], byte[]> connected = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrapServers, "linger.ms", "100", "max.block.ms", NO_WAIT_MS),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        producer = connected;
    }

    @Override
    public synchronized void accept(FinishedRequest request) {
        KafkaProducer<byte[], byte[]> connected = producer;
        if (connected == null) {
            return;
        }
        try {
            Future<RecordMetadata> unused = connected.send(new ProducerRecord<>(
                    topic, request.id().getBytes(StandardCharsets.UTF_8), codec.encode(event(request))));
        } catch (KafkaException e) {
            LOG.debug("a simulated request is not told", e);
        }
    }

    private RequestEvent event(FinishedRequest request) {
        RequestEvent.Builder event = RequestEvent.newBuilder()
                .setRequestId(request.id())
                .setProject(project)
                .setPipeline(request.pipeline())
                .setModel(request.model())
                .setVantage(Vantage.ENGINE)
                .setStatus(status(request.reason()))
                .setStartMs(request.startMs())
                .setEndMs(request.startMs() + request.latencyMicros() / 1_000)
                .setTimeToFirstTokenSeconds(request.timeToFirstTokenMicros() / 1e6)
                .setInputTokens((long) request.inputTokens())
                .setCachedInputTokens((long) request.cachedTokens())
                .setOutputTokens((long) request.outputTokens());
        if (request.outputTokens() > 1) {
            event.setMeanTimePerOutputTokenSeconds(request.perTokenMicros() / 1e6);
        }
        return event.build();
    }

    private static RequestStatus status(String reason) {
        return switch (reason) {
            case "abort" -> RequestStatus.ABORTED;
            case "error" -> RequestStatus.ERROR;
            default -> RequestStatus.OK;
        };
    }

    @Override
    public synchronized void close() {
        KafkaProducer<byte[], byte[]> connected = producer;
        producer = null;
        if (connected != null) {
            connected.close(Duration.ZERO);
        }
    }
}
