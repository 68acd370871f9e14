package dev.weir.standalone.flink;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.net.httpserver.HttpServer;
import dev.weir.configuration.KafkaConfig;
import dev.weir.configuration.StateBackend;
import dev.weir.delivery.DeliveryJob;
import dev.weir.delivery.DeliveryOptions;
import dev.weir.schemas.remotewrite.Label;
import dev.weir.schemas.remotewrite.Sample;
import dev.weir.schemas.remotewrite.TimeSeries;
import dev.weir.schemas.remotewrite.WriteRequest;
import dev.weir.standalone.broker.EmbeddedBroker;
import dev.weir.standalone.broker.Topics;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xerial.snappy.Snappy;

/** The delivery job on a real broker and cluster: what it delivers over restarts, and that it can always be stopped. */
class DeliveryRestartTest {
    private static final FlinkSettings SETTINGS = new FlinkSettings(1, 1, StateBackend.HEAP, Duration.ofMillis(200));

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    /** Timestamps in the order in which the receiver took them. */
    private final BlockingQueue<Long> received = new LinkedBlockingQueue<>();

    private volatile int status = 204;

    @Test
    void goesOnWhereItWasStoppedAndStopsWhileTheReceiverIsDown() throws Exception {
        HttpServer receiver = startReceiver();
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder.resolve("kafka"))) {
            KafkaConfig kafka = new KafkaConfig(broker.bootstrapServers(), Map.of(), KafkaConfig.Topics.DEFAULT);
            Topics.ensure(kafka);
            URI url = URI.create("http://127.0.0.1:" + receiver.getAddress().getPort());
            DeliveryOptions options = DeliveryOptions.toQueryServer(url, null, kafka);
            try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                    kafka.clientProperties(), new ByteArraySerializer(), new ByteArraySerializer())) {
                produce(producer, 1);
                produce(producer, 2);
                try (EmbeddedFlink flink = start(options)) {
                    assertEquals(1, take());
                    assertEquals(2, take());
                    produce(producer, 3);
                    assertEquals(3, take());
                    assertEquals(Optional.empty(), flink.endedJob());
                }
                produce(producer, 4);
                status = 503;
                EmbeddedFlink blocked = start(options);
                assertEquals(4, take());
                blocked.close();
                received.clear();
                status = 204;
                try (EmbeddedFlink flink = start(options)) {
                    assertEquals(4, take());
                    assertEquals(Optional.empty(), flink.endedJob());
                }
            }
        } finally {
            receiver.stop(0);
        }
    }

    private EmbeddedFlink start(DeliveryOptions options) {
        EmbeddedFlink flink = EmbeddedFlink.start(folder.resolve("checkpoints"), SETTINGS);
        flink.submit("delivery", env -> DeliveryJob.build(env, options));
        return flink;
    }

    private long take() throws InterruptedException {
        Long timestamp = received.poll(40, TimeUnit.SECONDS);
        return timestamp == null ? -1 : timestamp;
    }

    private HttpServer startReceiver() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
        server.createContext("/api/v1/write", exchange -> {
            WriteRequest request = WriteRequest.parseFrom(
                    Snappy.uncompress(exchange.getRequestBody().readAllBytes()));
            for (TimeSeries series : request.getTimeseriesList()) {
                received.add(series.getSamples(0).getTimestamp());
            }
            exchange.sendResponseHeaders(status, -1);
            exchange.close();
        });
        server.start();
        return server;
    }

    private static void produce(KafkaProducer<byte[], byte[]> producer, long timestampMs) throws Exception {
        WriteRequest request = WriteRequest.newBuilder()
                .addTimeseries(TimeSeries.newBuilder()
                        .addLabels(Label.newBuilder().setName("__name__").setValue("up"))
                        .addSamples(
                                Sample.newBuilder().setTimestamp(timestampMs).setValue(1)))
                .build();
        producer.send(new ProducerRecord<>("weir.series", 0, new byte[0], request.toByteArray()))
                .get();
    }
}
