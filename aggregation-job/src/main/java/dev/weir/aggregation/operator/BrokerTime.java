package dev.weir.aggregation.operator;

import dev.weir.aggregation.release.Span;
import java.time.Duration;
import org.apache.flink.api.common.eventtime.TimestampAssigner;
import org.apache.flink.api.common.eventtime.TimestampAssignerSupplier;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.common.eventtime.WatermarkGenerator;
import org.apache.flink.api.common.eventtime.WatermarkGeneratorSupplier;
import org.apache.flink.api.common.eventtime.WatermarkOutput;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.metrics.Counter;
import org.apache.flink.util.clock.RelativeClock;

/**
 * Watermarks of the broker's time (rule 3): per partition, {@link #CLOSING_DELAY} behind its newest append; a partition
 * that is silent for {@link #SILENCE} is passed over and counted.
 */
public final class BrokerTime implements WatermarkStrategy<InboundRecord> {
    private static final long serialVersionUID = 1;

    static final Duration CLOSING_DELAY = Duration.ofMillis(Span.CLOSING_DELAY_MS);
    static final Duration SILENCE = Duration.ofSeconds(60);

    @Override
    public TimestampAssigner<InboundRecord> createTimestampAssigner(TimestampAssignerSupplier.Context context) {
        return (record, timestamp) -> record.appendMs();
    }

    @Override
    public WatermarkGenerator<InboundRecord> createWatermarkGenerator(WatermarkGeneratorSupplier.Context context) {
        return new OfPartition(
                context.getInputActivityClock(), context.getMetricGroup().counter("weir_partitions_passed_over_total"));
    }

    private static final class OfPartition implements WatermarkGenerator<InboundRecord> {
        private final RelativeClock clock;
        private final Counter passedOver;
        private long newestMs = Long.MIN_VALUE;
        private long newestAtNanos;
        private boolean idle;

        OfPartition(RelativeClock clock, Counter passedOver) {
            this.clock = clock;
            this.passedOver = passedOver;
            this.newestAtNanos = clock.relativeTimeNanos();
        }

        @Override
        public void onEvent(InboundRecord record, long timestampMs, WatermarkOutput output) {
            newestMs = Math.max(newestMs, record.appendMs());
            newestAtNanos = clock.relativeTimeNanos();
            idle = false;
        }

        @Override
        public void onPeriodicEmit(WatermarkOutput output) {
            if (!idle && clock.relativeTimeNanos() - newestAtNanos > SILENCE.toNanos()) {
                idle = true;
                passedOver.inc();
                output.markIdle();
            } else if (!idle && newestMs != Long.MIN_VALUE) {
                output.emitWatermark(new Watermark(newestMs - CLOSING_DELAY.toMillis()));
            }
        }
    }
}
