package dev.weir.standalone.command;

import dev.weir.producer.EventProducer;
import dev.weir.producer.ProduceException;
import dev.weir.producer.ProducerOptions;
import dev.weir.schemas.RequestEvent;
import dev.weir.schemas.RequestStatus;
import dev.weir.schemas.Vantage;
import dev.weir.simulator.engine.FinishedRequest;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells Weir of each request that the simulated vLLM servers finish, as a gateway would; of none before it is connected. */
final class DemoRequests implements Consumer<FinishedRequest>, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DemoRequests.class);

    /** The fleet must not wait for Kafka. */
    private static final Duration NO_WAIT = Duration.ofMillis(1);

    private final String project;
    private final String topic;
    private @Nullable EventProducer producer;

    DemoRequests(String project, String topic) {
        this.project = project;
        this.topic = topic;
    }

    synchronized void connect(String bootstrapServers) {
        producer = new EventProducer(ProducerOptions.of(bootstrapServers)
                .withTopics(ProducerOptions.SCRAPES, topic)
                .withMaxBlock(NO_WAIT)
                .with("linger.ms", "100"));
    }

    @Override
    public synchronized void accept(FinishedRequest request) {
        EventProducer connected = producer;
        if (connected != null) {
            connected.send(event(request)).exceptionally(e -> {
                LOG.debug("a simulated request is not told", e);
                return null;
            });
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
        EventProducer connected = producer;
        producer = null;
        if (connected != null) {
            try {
                connected.close(Duration.ZERO);
            } catch (ProduceException e) {
                LOG.debug("the last simulated requests are not told", e);
            }
        }
    }
}
