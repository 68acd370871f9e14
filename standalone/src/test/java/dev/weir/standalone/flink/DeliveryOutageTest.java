package dev.weir.standalone.flink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.weir.configuration.KafkaConfig;
import dev.weir.configuration.RemoteWriteConfig;
import dev.weir.configuration.StateBackend;
import dev.weir.configuration.WeirConfig;
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
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xerial.snappy.Snappy;

/** Receivers of which one is down for many checkpoints and longer than any of them may take, and two are new. */
class DeliveryOutageTest {
    private static final FlinkSettings SETTINGS = new FlinkSettings(4, 1, StateBackend.HEAP, Duration.ofMillis(100));
    private static final Duration CHECKPOINT_TIMEOUT = Duration.ofMillis(200);
    private static final int FAILED_CHECKPOINTS = 3;
    private static final long RECORDS = 30;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    private final HttpClient http = HttpClient.newHttpClient();

    /** A receiver of single samples. */
    private static final class Receiver implements AutoCloseable {
        private final HttpServer server;
        private volatile int status = 204;
        /** Timestamps in the order in which it took them. */
        private final BlockingQueue<Long> taken = new LinkedBlockingQueue<>();
        /** One for each request that it refused. */
        private final BlockingQueue<Integer> refused = new LinkedBlockingQueue<>();

        Receiver() throws IOException {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
            server.createContext("/", this::answer);
            server.start();
        }

        private void answer(HttpExchange exchange) throws IOException {
            byte[] block = exchange.getRequestBody().readAllBytes();
            int answered = status;
            if (answered == 204) {
                for (TimeSeries series :
                        WriteRequest.parseFrom(Snappy.uncompress(block)).getTimeseriesList()) {
                    taken.add(series.getSamples(0).getTimestamp());
                }
            } else {
                refused.add(answered);
            }
            exchange.sendResponseHeaders(answered, -1);
            exchange.close();
        }

        void mustTake(List<Long> timestamps) throws InterruptedException {
            for (long timestamp : timestamps) {
                assertEquals(timestamp, next(Duration.ofSeconds(40)));
            }
        }

        /** The next timestamp that it took; -1 if there is none within {@code patience}. */
        long next(Duration patience) throws InterruptedException {
            Long next = taken.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
            return next == null ? -1 : next;
        }

        URI url() {
            return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/write");
        }

        @Override
        public void close() {
            server.stop(0);
        }
    }

    @Test
    void oneThatIsDownDelaysNobodyAndGetsEverythingInOrderOnceWhenItReturns() throws Exception {
        try (Receiver up = new Receiver();
                Receiver down = new Receiver();
                Receiver filled = new Receiver();
                Receiver unfilled = new Receiver();
                EmbeddedBroker broker = EmbeddedBroker.start(folder.resolve("kafka"))) {
            KafkaConfig kafka = new KafkaConfig(broker.bootstrapServers(), Map.of(), KafkaConfig.Topics.DEFAULT);
            Topics.ensure(kafka);
            WeirConfig config = WeirConfig.parse(
                            """
                    remote_write:
                    - {name: up, url: '%s'}
                    - {name: down, url: '%s', queue_config: {min_backoff: 20ms, max_backoff: 40ms}}
                    - {name: filled, url: '%s'}
                    - {name: unfilled, url: '%s', backfill: false}
                    """.formatted(up.url(), down.url(), filled.url(), unfilled.url()), "weir.yml")
                    .withKafka(kafka);
            try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                            kafka.clientProperties(), new ByteArraySerializer(), new ByteArraySerializer());
                    EmbeddedFlink flink = EmbeddedFlink.start(folder.resolve("checkpoints"), SETTINGS)) {
                submit(flink, config, "up");
                submit(flink, config, "down");
                produce(producer, 1, 2);
                down.mustTake(List.of(1L, 2L));
                down.status = 503;
                produce(producer, 3, RECORDS);
                up.mustTake(LongStream.rangeClosed(1, RECORDS).boxed().toList());
                for (int failed = 0; failed < FAILED_CHECKPOINTS; failed = failedCheckpoints(flink)) {
                    assertNotNull(down.refused.poll(40, TimeUnit.SECONDS));
                }
                assertEquals(0, down.taken.size());
                down.status = 204;
                down.mustTake(LongStream.rangeClosed(3, RECORDS).boxed().toList());
                produce(producer, RECORDS + 1, RECORDS + 1);
                down.mustTake(List.of(RECORDS + 1));
                up.mustTake(List.of(RECORDS + 1));
                assertEquals(0, down.taken.size() + up.taken.size());

                submit(flink, config, "filled");
                submit(flink, config, "unfilled");
                filled.mustTake(LongStream.rangeClosed(1, RECORDS + 1).boxed().toList());
                long last = RECORDS + 1;
                long first = -1;
                while (first < 0 && last < RECORDS + 1000) {
                    last++;
                    produce(producer, last, last);
                    first = unfilled.next(Duration.ofMillis(100));
                }
                assertTrue(first > RECORDS + 1, "first " + first);
                unfilled.mustTake(
                        LongStream.rangeClosed(first + 1, last).boxed().toList());
                assertEquals(Optional.empty(), flink.endedJob());
                assertEquals("0", restarts(flink));
            }
        }
    }

    private static void submit(EmbeddedFlink flink, WeirConfig config, String name) {
        for (RemoteWriteConfig receiver : config.remoteWrite()) {
            if (receiver.name().equals(name)) {
                flink.submit(DeliveryJob.jobName(receiver), env -> {
                    DeliveryJob.build(env, DeliveryOptions.toReceiver(config, receiver));
                    env.configure(
                            new Configuration().set(CheckpointingOptions.CHECKPOINTING_TIMEOUT, CHECKPOINT_TIMEOUT));
                });
            }
        }
    }

    private int failedCheckpoints(EmbeddedFlink flink) throws IOException, InterruptedException {
        return json(flink, "/jobs/" + downJob(flink) + "/checkpoints")
                .path("counts")
                .path("failed")
                .asInt();
    }

    private String restarts(EmbeddedFlink flink) throws IOException, InterruptedException {
        return json(flink, "/jobs/" + downJob(flink) + "/metrics?get=numRestarts")
                .path(0)
                .path("value")
                .asText("0");
    }

    private String downJob(EmbeddedFlink flink) throws IOException, InterruptedException {
        for (JsonNode job : json(flink, "/jobs/overview").path("jobs")) {
            if (job.path("name").asText().equals("delivery-down")) {
                return job.path("jid").asText();
            }
        }
        throw new IOException("no job delivery-down");
    }

    private JsonNode json(EmbeddedFlink flink, String path) throws IOException, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(flink.webUrl().resolve(path)).build();
        return new ObjectMapper()
                .readTree(
                        http.send(request, HttpResponse.BodyHandlers.ofString()).body());
    }

    private static void produce(KafkaProducer<byte[], byte[]> producer, long from, long to) throws Exception {
        for (long timestampMs = from; timestampMs <= to; timestampMs++) {
            WriteRequest request = WriteRequest.newBuilder()
                    .addTimeseries(TimeSeries.newBuilder()
                            .addLabels(Label.newBuilder().setName("__name__").setValue("up"))
                            .addSamples(Sample.newBuilder()
                                    .setTimestamp(timestampMs)
                                    .setValue(1)))
                    .build();
            producer.send(new ProducerRecord<>("weir.series", 0, new byte[0], request.toByteArray()))
                    .get();
        }
    }
}
