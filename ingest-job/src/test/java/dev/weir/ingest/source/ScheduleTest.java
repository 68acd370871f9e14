package dev.weir.ingest.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.ingest.discovery.Target;
import dev.weir.ingest.topic.IngestRecord;
import dev.weir.series.Labels;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When scrapes and ticks are due, and who waits for whom. */
class ScheduleTest {
    /** Windows of 5 s end at multiples of 5,000 and close 2 s later; ticks follow 50 ms after that. */
    @ParameterizedTest
    @CsvSource({
        // now, earliest, sent at
        "0, 0, 2050",
        "2049, 2049, 2050",
        "2050, 2050, 7050",
        "2051, 2051, 7050",
        "7049, 0, 7050",
        "100000, 0, 102050",
        "100000, 115000, 117050",
        "100000, 112050, 117050",
        "100000, 112049, 112050",
    })
    void ticksFollowTheEndOfAWindow(long nowMs, long earliestMs, long sentMs) {
        assertEquals(sentMs - nowMs, new TickSchedule("s", 5_000, 0).delayMs(nowMs, earliestMs));
    }

    @Test
    void turnsKeepTheirPlaceAndAreSpreadEvenly() {
        int[] perSecond = new int[10];
        for (int i = 0; i < 10_000; i++) {
            Target target = new Target("p", "j", "http://h" + i + ":1/metrics", Labels.EMPTY, 10_000, 1_000);
            long delayMs = ScrapeLoop.delayMs(target, 123_456_789);
            assertTrue(delayMs >= 0 && delayMs < 10_000);
            assertEquals((123_456_789 + delayMs) % 10_000, (7 + ScrapeLoop.delayMs(target, 7)) % 10_000);
            perSecond[(int) (delayMs / 1_000)]++;
        }
        for (int count : perSecond) {
            assertEquals(1_000, count, 150);
        }
    }

    @Test
    void turnIsSkippedWhileTheLastOneRuns() {
        ScrapeLoop loop = new ScrapeLoop(
                new TargetSplit(new Target("p", "j", "http://h:1/metrics", Labels.EMPTY, 10_000, 1_000), "s", 0));
        assertTrue(loop.begin());
        assertFalse(loop.begin());
        loop.end();
        assertTrue(loop.begin());
    }

    @Test
    void gateLetsTheNextInWhenOneEnds() {
        ScrapeGate gate = new ScrapeGate(2);
        List<CompletableFuture<?>> started = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            gate.enter(() -> {
                CompletableFuture<?> scrape = new CompletableFuture<>();
                started.add(scrape);
                return scrape;
            });
        }
        assertEquals(2, started.size());
        assertEquals(2, gate.waiting());
        started.get(0).complete(null);
        assertEquals(3, started.size());
        started.get(1).completeExceptionally(new IllegalStateException("a failure ends it too"));
        started.get(2).complete(null);
        assertEquals(4, started.size());
        assertEquals(1, gate.running());
        started.get(3).complete(null);
        assertEquals(0, gate.running());
    }

    @Test
    void manyScrapesThatEndAtOnceDoNotNest() {
        ScrapeGate gate = new ScrapeGate(1);
        CompletableFuture<?> first = new CompletableFuture<>();
        gate.enter(() -> first);
        int[] ran = new int[1];
        for (int i = 0; i < 100_000; i++) {
            gate.enter(() -> {
                ran[0]++;
                return CompletableFuture.completedFuture(null);
            });
        }
        first.complete(null);
        assertEquals(100_000, ran[0]);
        assertEquals(0, gate.running());
    }

    @Test
    void queueWakesItsReaderOnce() {
        ResultQueue queue = new ResultQueue();
        CompletableFuture<Void> waiting = queue.available();
        assertFalse(waiting.isDone());
        IngestRecord record = IngestRecord.tick(new byte[1]);
        queue.add(() -> record);
        assertTrue(waiting.isDone());
        assertTrue(queue.available().isDone());
        ResultQueue.Result result = queue.poll();
        assertTrue(result != null && result.take() == record);
        assertNull(queue.poll());
        assertFalse(queue.available().isDone());
    }
}
