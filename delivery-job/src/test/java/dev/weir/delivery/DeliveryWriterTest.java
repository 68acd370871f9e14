package dev.weir.delivery;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.weir.configuration.KafkaConfig;
import dev.weir.configuration.RemoteWriteConfig;
import dev.weir.schemas.remotewrite.TimeSeries;
import dev.weir.schemas.remotewrite.WriteRequest;
import dev.weir.series.Labels;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Delayed;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.operators.ProcessingTimeService;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.junit.jupiter.api.Test;

class DeliveryWriterTest {
    private static final int RECORD_BYTES = record(1).value().length;
    private static final DeliveryOptions.Limits LIMITS =
            new DeliveryOptions.Limits(1 << 20, 100, 1000, Duration.ofMillis(100));

    private final FakeReceiver receiver = new FakeReceiver(false, series -> false);
    private final Delivery delivery = new Delivery(receiver, Instant.EPOCH);
    private final FakeTime time = new FakeTime();
    private final Lag lag = new Lag(() -> delivery.now);
    private boolean closed;

    @Test
    void postsWhenTheFirstRecordHasWaitedForItsLinger() throws Exception {
        DeliveryWriter writer = writer(new DeliveryOptions.Limits(1 << 20, 100, 1000, Duration.ofMillis(100)));
        write(writer, record(1));
        time.advanceTo(60);
        write(writer, record(2));
        time.advanceTo(99);
        assertEquals(List.of(), sizes());
        time.advanceTo(100);
        assertEquals(List.of(2), sizes());
        write(writer, record(3));
        time.advanceTo(199);
        assertEquals(List.of(2), sizes());
        time.advanceTo(200);
        assertEquals(List.of(2, 1), sizes());
    }

    @Test
    void postsWhenItHasEnoughRecords() throws Exception {
        DeliveryWriter writer = writer(new DeliveryOptions.Limits(1 << 20, 3, 1000, Duration.ofDays(1)));
        for (int i = 1; i <= 7; i++) {
            write(writer, record(i));
        }
        assertEquals(List.of(3, 3), sizes());
    }

    @Test
    void keepsRequestsWithinTheByteLimitAndSendsALargerRecordAlone() throws Exception {
        DeliveryWriter writer = writer(new DeliveryOptions.Limits(2 * RECORD_BYTES + 1, 100, 1000, Duration.ofDays(1)));
        write(writer, record(1));
        write(writer, record(2));
        write(writer, record(3));
        assertEquals(List.of(2), sizes());
        List<TimeSeries> many = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            many.add(Requests.series(9_000, 1, "big", "i", "" + i));
        }
        write(writer, Requests.record(9, Requests.request(many)));
        assertEquals(List.of(2, 1, 10), sizes());
    }

    @Test
    void postsWhatItHoldsAtACheckpoint() throws Exception {
        DeliveryWriter writer = writer(LIMITS);
        write(writer, record(1));
        writer.flush(false);
        assertEquals(List.of(1), sizes());
        writer.flush(true);
        assertEquals(List.of(1), sizes());
    }

    @Test
    void keepsRequestsWithinTheLimitOfSamplesThoughARecordHoldsMore() throws Exception {
        DeliveryWriter writer = writer(new DeliveryOptions.Limits(1 << 20, 100, 4, Duration.ofDays(1)));
        write(writer, record(1));
        write(writer, record(2));
        List<TimeSeries> many = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            many.add(Requests.series(9_000, 1, "big", "i", "" + i));
        }
        write(writer, Requests.record(9, Requests.request(many)));
        writer.flush(false);
        assertEquals(List.of(2, 4, 4, 2), sizes());
        assertEquals(12, delivery.metrics.delivered);
        assertEquals(delivery.metrics.read, delivery.metrics.accountedFor());
    }

    @Test
    void showsHowFarItIsBehind() throws Exception {
        DeliveryWriter writer = writer(LIMITS);
        delivery.now = Instant.ofEpochSecond(5);
        write(writer, record(2));
        write(writer, record(4));
        assertEquals(3_000, lag.ms());
        writer.flush(false);
        assertEquals(1_000, lag.ms());
    }

    @Test
    void garbageInTheTopicIsADeadLetterAndDoesNotSpoilItsBatch() throws Exception {
        DeliveryWriter writer = writer(LIMITS);
        write(writer, record(1));
        write(writer, Requests.record(2, new byte[] {1, 2, 3}));
        write(writer, record(3));
        writer.flush(false);
        assertEquals(List.of(2), sizes());
        assertEquals(2, delivery.deadLetters.get(0).getOffset());
    }

    @Test
    void closesWhatItWorksWith() throws Exception {
        DeliveryWriter writer = writer(LIMITS);
        write(writer, record(1));
        writer.close();
        assertEquals(true, closed);
        time.advanceTo(1_000);
        assertEquals(List.of(), sizes());
    }

    private DeliveryWriter writer(DeliveryOptions.Limits limits) {
        DeliveryOptions options = new DeliveryOptions(
                RemoteWriteConfig.of("test", URI.create("http://127.0.0.1/")),
                new KafkaConfig(null, Map.of(), KafkaConfig.Topics.DEFAULT),
                Labels.EMPTY,
                limits);
        return new DeliveryWriter(
                limits,
                new DeliveryWriter.Parts(
                        delivery.bisection,
                        new OutboundRecords(options, () -> delivery.now, delivery.metrics),
                        new Catchup("test", 0, () -> delivery.now, wait -> {}),
                        time,
                        () -> closed = true,
                        lag));
    }

    private List<Integer> sizes() {
        return receiver.requests.stream().map(WriteRequest::getTimeseriesCount).toList();
    }

    private static SeriesRecord record(long second) {
        return Requests.record(second, Requests.request(List.of(Requests.series(second * 1000, 1, "up"))));
    }

    private static void write(DeliveryWriter writer, SeriesRecord record) throws Exception {
        writer.write(record, new SinkWriter.Context() {
            @Override
            public long currentWatermark() {
                return Long.MIN_VALUE;
            }

            @Override
            public Long timestamp() {
                return record.appendTimeMs();
            }
        });
    }

    /** Processing time that moves when told. */
    private static final class FakeTime implements ProcessingTimeService {
        private final List<FakeTimer> timers = new ArrayList<>();
        private long nowMs;

        @Override
        public long getCurrentProcessingTime() {
            return nowMs;
        }

        @Override
        public ScheduledFuture<?> registerTimer(long timestamp, ProcessingTimeCallback target) {
            FakeTimer timer = new FakeTimer(timestamp, target);
            timers.add(timer);
            return timer;
        }

        void advanceTo(long newNowMs) throws Exception {
            nowMs = newNowMs;
            for (FakeTimer timer : List.copyOf(timers)) {
                if (timer.timestamp <= nowMs && timers.remove(timer) && !timer.isCancelled()) {
                    timer.target.onProcessingTime(timer.timestamp);
                }
            }
        }
    }

    private static final class FakeTimer extends CompletableFuture<Void> implements ScheduledFuture<Void> {
        private final long timestamp;
        private final ProcessingTimeService.ProcessingTimeCallback target;

        FakeTimer(long timestamp, ProcessingTimeService.ProcessingTimeCallback target) {
            this.timestamp = timestamp;
            this.target = target;
        }

        @Override
        public long getDelay(TimeUnit unit) {
            return 0;
        }

        @Override
        public int compareTo(Delayed other) {
            return 0;
        }
    }
}
