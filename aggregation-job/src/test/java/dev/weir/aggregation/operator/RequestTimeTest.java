package dev.weir.aggregation.operator;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.List;
import org.apache.flink.api.common.eventtime.WatermarkGenerator;
import org.apache.flink.api.common.eventtime.WatermarkGeneratorSupplier;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.apache.flink.util.clock.ManualClock;
import org.apache.flink.util.clock.RelativeClock;
import org.junit.jupiter.api.Test;

class RequestTimeTest {
    private final ManualClock clock = new ManualClock();
    private final RecordedWatermarks recorder = new RecordedWatermarks();
    private final WatermarkGenerator<InboundRecord> partition = new RequestTime()
            .createWatermarkGenerator(new WatermarkGeneratorSupplier.Context() {
                @Override
                public MetricGroup getMetricGroup() {
                    return new UnregisteredMetricsGroup();
                }

                @Override
                public RelativeClock getInputActivityClock() {
                    return clock;
                }
            });

    @Test
    void staysTwoSecondsBehindTheNewestAppendWhileRecordsCome() {
        append(10_000);
        append(9_000);
        look(200);
        append(60_000);
        look(200);
        assertEquals(List.of("8000", "58000"), recorder.lines);
    }

    @Test
    void goesOnAtThePaceOfTheClockWhileNoneCome() {
        append(10_000);
        for (int i = 0; i < 25; i++) {
            look(200);
        }
        assertEquals("8000", recorder.lines.get(4));
        assertEquals("12000", recorder.lines.get(24), "5 s later, less 1 s of slack");
        append(15_100);
        look(200);
        assertEquals("13100", recorder.lines.get(25));
    }

    @Test
    void aPauseOfTheProcessIsNoSilence() {
        append(10_000);
        look(200);
        look(45_000);
        assertEquals(List.of("8000", "8000"), recorder.lines);
    }

    @Test
    void passesAPartitionOverAfterAMinute() {
        append(10_000);
        for (int i = 0; i < 301; i++) {
            look(200);
        }
        assertEquals("67000", recorder.lines.get(299));
        assertEquals("idle", recorder.lines.get(300));
        append(100_000);
        look(200);
        assertEquals("98000", recorder.lines.get(301));
    }

    @Test
    void aPartitionWithoutRecordsHoldsNothingFiveSecondsAfterAStart() {
        for (int i = 0; i < 26; i++) {
            look(200);
        }
        assertEquals(List.of("idle"), recorder.lines);
    }

    private void append(long appendMs) {
        partition.onEvent(new InboundRecord("t", 0, 0, appendMs, new byte[0], new byte[0]), appendMs, recorder);
    }

    /** As Flink does every 200 ms. */
    private void look(long laterMs) {
        clock.advanceTime(Duration.ofMillis(laterMs));
        partition.onPeriodicEmit(recorder);
    }
}
