package dev.weir.aggregation.operator;

import static org.junit.jupiter.api.Assertions.assertEquals;

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
    private final WatermarkGenerator<InboundRecord> partition = new BrokerTime()
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
    void staysTwoSecondsBehindTheNewestAppend() {
        partition.onPeriodicEmit(recorder);
        append(10_000);
        append(9_000);
        partition.onPeriodicEmit(recorder);
        assertEquals(List.of("8000"), recorder.lines);
    }

    @Test
    void passesASilentPartitionOverOnceAndCountsIt() {
        append(10_000);
        partition.onPeriodicEmit(recorder);
        advance(60);
        partition.onPeriodicEmit(recorder);
        advance(1);
        partition.onPeriodicEmit(recorder);
        partition.onPeriodicEmit(recorder);
        assertEquals(List.of("8000", "8000", "idle"), recorder.lines);
        assertEquals(1, passedOver.getCount());
        append(90_000);
        partition.onPeriodicEmit(recorder);
        assertEquals("88000", recorder.lines.get(3));
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
        clock.advanceTime(java.time.Duration.ofSeconds(seconds));
    }
}
