package dev.weir.ingest.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.configuration.WeirConfig;
import dev.weir.ingest.TestServer;
import dev.weir.ingest.discovery.Target;
import dev.weir.ingest.topic.IngestRecord;
import dev.weir.schemas.EventCodec;
import dev.weir.schemas.ScrapeEvent;
import dev.weir.schemas.ScrapeOutcome;
import dev.weir.series.Labels;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.flink.api.connector.source.ReaderOutput;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What becomes of targets that leave; reading as such is {@link dev.weir.ingest.IngestJobTest}'s. */
@Timeout(60)
class ScrapeReaderTest {
    private static final long NEVER_MS = Duration.ofDays(30).toMillis();

    private final Deque<IngestRecord> written = new ArrayDeque<>();

    @SuppressWarnings("unchecked")
    private final ReaderOutput<IngestRecord> output = (ReaderOutput<IngestRecord>)
            fake(ReaderOutput.class, "collect", record -> written.add((IngestRecord) record));

    private final ScrapeReader reader = new ScrapeReader(
            (SourceReaderContext) fake(SourceReaderContext.class, "none", argument -> {}),
            WeirConfig.parse("scrape_configs: [{job_name: j}]", "weir.yml").scrapeConfigs(),
            Clock.systemUTC());

    @AfterEach
    void close() {
        reader.close();
    }

    @Test
    void whatLeavesIsScrapedOnceMoreAtOnce() throws Exception {
        try (TestServer server = new TestServer()) {
            server.serve("/metrics", "text/plain", "a 1\n");
            TargetSplit split = split("p", server, NEVER_MS);
            reader.start();
            reader.addSplits(List.of(split));
            reader.handleSourceEvents(new TargetsRemoved(List.of(split.splitId()), Set.of()));
            ScrapeEvent last = next();
            assertEquals("a 1\n", StandardCharsets.UTF_8.decode(last.getBody()).toString());
            assertFalse(last.getLastWord(), "nobody knows whether its process has ended");

            reader.addSplits(List.of(split));
            reader.handleSourceEvents(new TargetsRemoved(List.of(split.splitId()), Set.of(split.splitId())));
            assertTrue(next().getLastWord());
        }
    }

    @Test
    void whatIsKnownToHaveEndedIsExpectedNoLongerThoughItDoesNotAnswer() throws Exception {
        TestServer server = new TestServer();
        TargetSplit split = split("p", server, NEVER_MS);
        server.close();
        reader.start();
        reader.addSplits(List.of(split));
        reader.handleSourceEvents(new TargetsRemoved(List.of(split.splitId()), Set.of(split.splitId())));
        ScrapeEvent last = next();
        assertEquals(ScrapeOutcome.REFUSED, last.getOutcome());
        assertTrue(last.getLastWord());
    }

    @Test
    void aScrapeOnItsWayIsNotTheLast() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch removed = new CountDownLatch(1);
        try (TestServer server = new TestServer()) {
            server.handle("/metrics", exchange -> {
                asked.countDown();
                try {
                    removed.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                exchange.sendResponseHeaders(200, -1);
                exchange.close();
            });
            TargetSplit split = soonDue(server);
            reader.start();
            reader.addSplits(List.of(split));
            asked.await();
            reader.handleSourceEvents(new TargetsRemoved(List.of(split.splitId()), Set.of(split.splitId())));
            removed.countDown();
            ScrapeEvent running = next();
            assertFalse(running.getLastWord());
            ScrapeEvent last = next();
            assertTrue(last.getLastWord());
            assertTrue(last.getRequestStartMs() >= running.getRequestEndMs());
        }
    }

    /** A target whose first turn comes within moments. */
    private static TargetSplit soonDue(TestServer server) {
        long intervalMs = Duration.ofHours(1).toMillis();
        long nowMs = System.currentTimeMillis();
        return IntStream.range(0, 1_000_000)
                .mapToObj(number -> split("p" + number, server, intervalMs))
                .filter(split -> {
                    long delayMs = ScrapeLoop.delayMs(split.target(), nowMs);
                    return delayMs > 500 && delayMs < 1_000;
                })
                .findFirst()
                .orElseThrow();
    }

    private static TargetSplit split(String project, TestServer server, long intervalMs) {
        return new TargetSplit(
                new Target(project, "j", "http://" + server.address() + "/metrics", Labels.EMPTY, intervalMs, 20_000),
                "scraper",
                0);
    }

    private ScrapeEvent next() throws Exception {
        while (written.isEmpty()) {
            reader.isAvailable().get();
            reader.pollNext(output);
        }
        return new EventCodec<>(ScrapeEvent.class).decode(written.remove().value);
    }

    private static Object fake(Class<?> type, String method, Consumer<Object> taker) {
        return Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, called, arguments) -> {
            if (called.getName().equals("metricGroup")) {
                return UnregisteredMetricsGroup.createSourceReaderMetricGroup();
            }
            if (called.getName().equals(method)) {
                taker.accept(arguments[0]);
            }
            return null;
        });
    }
}
