package dev.weir.e2e.failure;

import dev.weir.configuration.KafkaConfig;
import dev.weir.schemas.EventCodec;
import dev.weir.schemas.RequestEvent;
import dev.weir.schemas.RequestStatus;
import dev.weir.schemas.ScrapeEvent;
import dev.weir.schemas.ScrapeOutcome;
import dev.weir.schemas.Tick;
import dev.weir.schemas.Vantage;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * A fleet of a few pods that is scraped as time goes by: processes that end and begin anew in place or elsewhere, with last
 * words or without; scrapes that come twice, out of order, or again when nobody expects them; requests, told once or twice.
 * What it all adds up to is in {@link Truth}.
 */
final class Feed implements AutoCloseable {
    static final long INTERVAL_MS = 500;
    private static final int SLOTS = 6;
    private static final long STEP_NANOS = 20_000_000;
    private static final long TICK_MS = 250;
    private static final int LEAST_LIFE_MS = 2_600;

    private final Random random;
    private final boolean churn;
    private final KafkaProducer<byte[], byte[]> producer;
    private final KafkaConfig.Topics topics;
    private final EventCodec<ScrapeEvent> scrapes = new EventCodec<>(ScrapeEvent.class);
    private final EventCodec<RequestEvent> requests = new EventCodec<>(RequestEvent.class);
    private final EventCodec<Tick> ticks = new EventCodec<>(Tick.class);
    private final Truth truth = new Truth();
    private final List<Pod> pods = new ArrayList<>();
    private final List<Pod> gone = new ArrayList<>();
    private final long startMs = System.currentTimeMillis();
    private final Thread thread = new Thread(this::run, "feed");
    private final AtomicLong releasedByMs = new AtomicLong();
    private final AtomicInteger sent = new AtomicInteger();
    private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
    private volatile boolean calm;
    private volatile boolean settled;
    private volatile boolean stopped;
    private int podCount;
    private int requestCount;
    private RequestEvent lastRequest;

    /** @param churn whether processes end */
    Feed(long seed, boolean churn, KafkaConfig kafka) {
        this.churn = churn;
        this.random = new Random(seed * 31 + 7);
        this.topics = kafka.topics();
        this.producer = new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers",
                        String.valueOf(kafka.bootstrapServers()),
                        "acks",
                        "all",
                        "request.timeout.ms",
                        "5000",
                        "delivery.timeout.ms",
                        "300000",
                        "max.block.ms",
                        "300000"),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        this.lastRequest = request();
        for (int i = 0; i < SLOTS; i++) {
            // The last one tells no start, was there before, and stays.
            pods.add(new Pod(i % 3, i < SLOTS - 1, startMs));
        }
        send(topics.requests(), 0, requests.encode(lastRequest), 0);
        thread.start();
    }

    /** Nothing more happens to the fleet from now on; time goes on. */
    void calmDown() {
        calm = true;
    }

    /** Whether all that was sent up to now has an answer. */
    boolean isAllThere() {
        Exception failed = failure.get();
        if (failed != null) {
            throw new AssertionError("the feed fails", failed);
        }
        return settled && sent.get() == 0;
    }

    /** When the last increment is released; known when all is there. */
    long releasedByMs() {
        return releasedByMs.get();
    }

    /** Known when all is there. */
    Truth truth() {
        return truth;
    }

    private void run() {
        long nextTickMs = startMs;
        while (!stopped) {
            long now = System.currentTimeMillis();
            if (!calm) {
                pods.replaceAll(pod -> pod.live(now));
                maybeRequest();
            } else if (!settled) {
                pods.forEach(Pod::release);
                settled = true;
            }
            if (now >= nextTickMs) {
                nextTickMs = now + TICK_MS;
                tick(now);
            }
            LockSupport.parkNanos(STEP_NANOS);
        }
    }

    /** As ingest does, to every partition; to that of requests one that was told before. */
    private void tick(long now) {
        for (int partition = 0; partition < topics.partitions(); partition++) {
            send(topics.scrapes(), partition, ticks.encode(new Tick("a", now)), 0);
            send(topics.requests(), partition, requests.encode(lastRequest), 0);
        }
    }

    private void maybeRequest() {
        if (random.nextInt(6) == 0) {
            lastRequest = request();
            send(topics.requests(), random.nextInt(topics.partitions()), requests.encode(lastRequest), 0);
        }
    }

    private RequestEvent request() {
        int pipeline = random.nextInt(3);
        truth.request(pipeline);
        return RequestEvent.newBuilder()
                .setRequestId("r" + requestCount++)
                .setProject("default")
                .setPipeline("p" + pipeline)
                .setModel("m")
                .setStatus(RequestStatus.OK)
                .setVantage(Vantage.GATEWAY)
                .setStartMs(startMs)
                .setEndMs(startMs + 1_000)
                .build();
    }

    /** {@code lastsMs}: how long after its append the record has an effect, if it has one. */
    private void send(String topic, int partition, byte[] value, long lastsMs) {
        sent.incrementAndGet();
        var unused =
                producer.send(new ProducerRecord<>(topic, partition, new byte[0], value), (metadata, exception) -> {
                    if (exception != null) {
                        failure.set(exception);
                        return;
                    }
                    if (topic.equals(topics.scrapes()) && lastsMs > 0) {
                        releasedByMs.accumulateAndGet(metadata.timestamp() + lastsMs, Math::max);
                    }
                    sent.decrementAndGet();
                });
    }

    @Override
    public void close() {
        stopped = true;
        // It may wait for a broker that is gone.
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        producer.close(Duration.ofSeconds(5));
    }

    /** One scrape as it was sent, with what it saw. */
    @SuppressWarnings("ArrayRecordComponent") // Bytes on their way, never compared.
    private record Sent(byte[] event, long requestMs, Truth.Life process, Truth.Counts seen) {}

    private final class Pod {
        final String name = "pod-" + podCount++;
        final int pipeline;
        final boolean tellsStart;
        final Truth.Target target = truth.target();
        final List<Sent> history = new ArrayList<>();
        Truth.Life process;
        long endMs;
        long nextScrapeMs;
        int nextAgain;

        @Nullable
        Sent held;

        Pod(int pipeline, boolean tellsStart, long now) {
            this.pipeline = pipeline;
            this.tellsStart = tellsStart;
            this.process = begin(now);
            this.nextScrapeMs = now + random.nextInt((int) INTERVAL_MS);
        }

        private Truth.Life begin(long now) {
            endMs = tellsStart && churn ? now + LEAST_LIFE_MS + random.nextInt(4_000) : Long.MAX_VALUE;
            return new Truth.Life(pipeline, now, tellsStart);
        }

        /** Lives on, perhaps as another one. */
        Pod live(long now) {
            if (random.nextInt(2) == 0) {
                process.work(random);
            }
            if (now >= endMs) {
                return end(now);
            }
            if (now >= nextScrapeMs) {
                scrape(now);
                nextScrapeMs = random.nextInt(12) == 0 ? now + 3 * INTERVAL_MS : nextScrapeMs + INTERVAL_MS;
            }
            if (random.nextInt(60) == 0) {
                again(this);
            }
            if (!gone.isEmpty() && random.nextInt(100) == 0) {
                again(gone.get(random.nextInt(gone.size())));
            }
            return this;
        }

        private Pod end(long now) {
            release();
            int way = random.nextInt(4);
            if (way < 2) {
                process.work(random);
                Sent word = make(now, way == 0 ? "a" : "sidecar", true);
                deliver(word, way == 0);
            }
            if (random.nextBoolean()) {
                process = begin(now + 100);
                nextScrapeMs = now + 100 + random.nextInt((int) INTERVAL_MS);
                return this;
            }
            gone.add(this);
            return new Pod(pipeline, true, now);
        }

        private void scrape(long now) {
            Sent scrape = make(now, "a", false);
            Sent earlier = held;
            held = null;
            if (earlier == null && random.nextInt(10) == 0) {
                held = scrape;
                return;
            }
            deliver(scrape, true);
            if (earlier != null) {
                deliver(earlier, true);
            }
            if (random.nextInt(6) == 0) {
                deliver(scrape, true);
            }
        }

        /** Sends what was held back. */
        void release() {
            Sent scrape = held;
            held = null;
            if (scrape != null) {
                deliver(scrape, true);
            }
        }

        /** Delivers something of the past again, each time something older: nobody's clock runs like that. */
        private void again(Pod pod) {
            if (pod.history.isEmpty()) {
                return;
            }
            pod.nextAgain = pod.nextAgain == 0 ? pod.history.size() : pod.nextAgain;
            pod.nextAgain--;
            Sent scrape = pod.history.get(pod.nextAgain);
            send(topics.scrapes(), pod.partition(), scrape.event(), 0);
        }

        private void deliver(Sent scrape, boolean followed) {
            long tookMs = target.take(scrape.requestMs(), scrape.process(), scrape.seen(), followed);
            send(topics.scrapes(), partition(), scrape.event(), tookMs);
            history.add(scrape);
        }

        private int partition() {
            return Math.floorMod(name.hashCode(), topics.partitions());
        }

        private Sent make(long now, String scraper, boolean last) {
            Truth.Counts seen = process.counts();
            String page = process.page(seen);
            ScrapeEvent event = ScrapeEvent.newBuilder()
                    .setProject("default")
                    .setJob("vllm")
                    .setTargetUrl("http://" + name + ":8000/metrics")
                    .setLabels(Map.of(
                            "job", "vllm", "pipeline_name", "p" + pipeline, "pod", name, "instance", name + ":8000"))
                    .setScraperId(scraper)
                    .setRequestStartMs(now)
                    .setRequestEndMs(now + 2)
                    .setIntervalMs(INTERVAL_MS)
                    .setWatchedSinceMs(startMs)
                    .setOutcome(ScrapeOutcome.BODY)
                    .setContentType("text/plain; version=0.0.4")
                    .setBody(ByteBuffer.wrap(page.getBytes(StandardCharsets.UTF_8)))
                    .setLastWord(last)
                    .build();
            return new Sent(scrapes.encode(event), now, process, seen);
        }
    }
}
