package dev.weir.aggregation.operator;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.List;
import org.apache.flink.api.common.eventtime.WatermarkGenerator;
import org.apache.flink.api.common.eventtime.WatermarkGeneratorSupplier;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.SimpleCounter;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.apache.flink.util.clock.ManualClock;
import org.apache.flink.util.clock.RelativeClock;
import org.junit.jupiter.api.Test;

class BrokerTimeTest {
    private final ManualClock clock = new ManualClock();
    private final Counter passedOver = new SimpleCounter();
    private final RecordedWatermarks recorder = new RecordedWatermarks();
    private final WatermarkGenerator<InboundRecord> partition = new BrokerTime(Duration.ofSeconds(5))
            .createWatermarkGenerator(new WatermarkGeneratorSupplier.Context() {
                @Override
                public MetricGroup getMetricGroup() {
                    return new UnregisteredMetricsGroup() {
                        @Override
                        public Counter counter(String name) {
                            return passedOver;
                        }
                    };
                }

                @Override
                public RelativeClock getInputActivityClock() {
                    return clock;
                }
            });

    @Test
    void tellsTheEndOfAWindowWithTheFirstRecordTwoSecondsLater() {
        append(6_999);
        append(7_000);
        append(6_000);
        append(11_999);
        partition.onPeriodicEmit(recorder);
        assertEquals(List.of("0", "5000"), recorder.lines);
        append(12_000);
        append(23_000);
        assertEquals(List.of("0", "5000", "10000", "20000"), recorder.lines);
    }

    @Test
    void passesASilentPartitionOverOnceAndCountsIt() {
        append(12_000);
        advance(60);
        partition.onPeriodicEmit(recorder);
        advance(1);
        partition.onPeriodicEmit(recorder);
        partition.onPeriodicEmit(recorder);
        assertEquals(List.of("10000", "idle"), recorder.lines);
        assertEquals(1, passedOver.getCount());
        append(92_000);
        assertEquals(List.of("10000", "idle", "active", "90000"), recorder.lines);
    }

    @Test
    void aRecordOfTheSameWindowEndsASilence() {
        append(7_000);
        advance(61);
        partition.onPeriodicEmit(recorder);
        append(8_000);
        advance(59);
        partition.onPeriodicEmit(recorder);
        assertEquals(List.of("5000", "idle", "active"), recorder.lines);
    }

    @Test
    void passesOverAPartitionThatNeverHadARecord() {
        advance(61);
        partition.onPeriodicEmit(recorder);
        assertEquals(List.of("idle"), recorder.lines);
    }

    private void append(long appendMs) {
        partition.onEvent(new InboundRecord("t", 0, 0, appendMs, new byte[0], new byte[0]), appendMs, recorder);
    }

    private void advance(int seconds) {
        clock.advanceTime(Duration.ofSeconds(seconds));
    }
}
