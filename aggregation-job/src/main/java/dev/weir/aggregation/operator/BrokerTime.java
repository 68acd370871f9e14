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
 * Watermarks of the broker's time (rule 3): per partition, the newest end of a window that lies at least {@link
 * #CLOSING_DELAY} behind its newest append, told with the first record that comes so late; nothing waits for a time between
 * two ends. A partition that is silent for {@link #SILENCE} is passed over and counted.
 */
public final class BrokerTime implements WatermarkStrategy<InboundRecord> {
    private static final long serialVersionUID = 1;

    static final Duration CLOSING_DELAY = Duration.ofMillis(Span.CLOSING_DELAY_MS);
    static final Duration SILENCE = Duration.ofSeconds(60);

    private final long windowMs;

    /** @param window of the aggregation */
    public BrokerTime(Duration window) {
        this.windowMs = window.toMillis();
    }

    @Override
    public TimestampAssigner<InboundRecord> createTimestampAssigner(TimestampAssignerSupplier.Context context) {
        return (record, timestamp) -> record.appendMs();
    }

    @Override
    public WatermarkGenerator<InboundRecord> createWatermarkGenerator(WatermarkGeneratorSupplier.Context context) {
        return new OfPartition(
                windowMs,
                context.getInputActivityClock(),
                context.getMetricGroup().counter("weir_partitions_passed_over_total"));
    }

    private static final class OfPartition implements WatermarkGenerator<InboundRecord> {
        private final long windowMs;
        private final RelativeClock clock;
        private final Counter passedOver;
        private long toldMs = Long.MIN_VALUE;
        private long newestAtNanos;
        private boolean idle;

        OfPartition(long windowMs, RelativeClock clock, Counter passedOver) {
            this.windowMs = windowMs;
            this.clock = clock;
            this.passedOver = passedOver;
            this.newestAtNanos = clock.relativeTimeNanos();
        }

        @Override
        public void onEvent(InboundRecord record, long timestampMs, WatermarkOutput output) {
            newestAtNanos = clock.relativeTimeNanos();
            if (idle) {
                idle = false;
                output.markActive();
            }
            long closedMs = Math.floorDiv(record.appendMs() - CLOSING_DELAY.toMillis(), windowMs) * windowMs;
            if (closedMs > toldMs) {
                toldMs = closedMs;
                output.emitWatermark(new Watermark(closedMs));
            }
        }

        @Override
        public void onPeriodicEmit(WatermarkOutput output) {
            if (!idle && clock.relativeTimeNanos() - newestAtNanos > SILENCE.toNanos()) {
                idle = true;
                passedOver.inc();
                output.markIdle();
            }
        }
    }
}
