package dev.weir.benchmarks.ingest;

import dev.weir.configuration.WeirConfig;
import dev.weir.schemas.EventCodec;
import dev.weir.schemas.ScrapeEvent;
import dev.weir.schemas.ScrapeOutcome;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Writes the targets' pages as scrape events to the topic, a round of all targets at a time. */
final class ScrapeFeed implements AutoCloseable {
    private final String topic;
    private final FleetPages pages;
    private final int targets;
    private final int intervalSeconds;
    private final EventCodec<ScrapeEvent> codec = new EventCodec<>(ScrapeEvent.class);
    private final KafkaProducer<byte[], byte[]> producer;
    private final long watchedMs = System.currentTimeMillis();
    private Future<?> sent = CompletableFuture.completedFuture(null);

    ScrapeFeed(WeirConfig config, FleetPages pages, int targets, int intervalSeconds) throws IOException {
        this.topic = config.kafka().topics().scrapes();
        this.pages = pages;
        this.targets = targets;
        this.intervalSeconds = intervalSeconds;
        Properties properties = new Properties();
        properties.putAll(config.kafka().clientProperties());
        properties.setProperty("key.serializer", ByteArraySerializer.class.getName());
        properties.setProperty("value.serializer", ByteArraySerializer.class.getName());
        properties.setProperty("compression.type", "lz4");
        properties.setProperty("linger.ms", "20");
        properties.setProperty("batch.size", Integer.toString(1 << 20));
        this.producer = new KafkaProducer<>(properties);
    }

    /** Sends a page of each target, evenly from {@code beginNanos} ({@link System#nanoTime}) on for {@code takesNanos}. */
    void send(int round, long beginNanos, long takesNanos) throws InterruptedException {
        for (int target = 0; target < targets; target++) {
            TimeUnit.NANOSECONDS.sleep(beginNanos + takesNanos * target / targets - System.nanoTime());
            byte[] event = codec.encode(event(target, pages.page(target % pages.pods(), round)));
            byte[] key = Integer.toString(target).getBytes(StandardCharsets.UTF_8);
            sent = producer.send(new ProducerRecord<>(topic, key, event));
        }
    }

    /** Waits until the broker has all. */
    void flush() throws InterruptedException, ExecutionException {
        producer.flush();
        sent.get();
    }

    @Override
    public void close() {
        producer.close();
    }

    private ScrapeEvent event(int target, byte[] page) {
        long now = System.currentTimeMillis();
        return ScrapeEvent.newBuilder()
                .setProject("default")
                .setJob("vllm")
                .setTargetUrl("http://10.0." + target / 250 + "." + target % 250 + ":8000/metrics")
                .setLabels(Map.of(
                        "job", "vllm",
                        "instance", "10.0." + target / 250 + "." + target % 250 + ":8000",
                        "pod", "vllm-chat-" + target,
                        "namespace", "inference",
                        "pipeline_name", "chat-" + target % 10))
                .setScraperId("benchmark")
                .setRequestStartMs(now - 5)
                .setRequestEndMs(now)
                .setIntervalMs(intervalSeconds * 1000L)
                .setWatchedSinceMs(watchedMs)
                .setOutcome(ScrapeOutcome.BODY)
                .setContentType("text/plain; version=0.0.4; charset=utf-8")
                .setBody(ByteBuffer.wrap(page))
                .build();
    }
}
