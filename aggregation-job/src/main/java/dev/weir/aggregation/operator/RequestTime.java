package dev.weir.aggregation.operator;

import java.time.Duration;
import org.apache.flink.api.common.eventtime.TimestampAssigner;
import org.apache.flink.api.common.eventtime.TimestampAssignerSupplier;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.common.eventtime.WatermarkGenerator;
import org.apache.flink.api.common.eventtime.WatermarkGeneratorSupplier;
import org.apache.flink.api.common.eventtime.WatermarkOutput;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.util.clock.RelativeClock;

/**
 * Watermarks of the topic of requests, to which nobody writes ticks: as {@link BrokerTime} while records come, and while none
 * come at the pace of this machine's clock, since a partition without requests is no reason to hold back all windows. After
 * {@link BrokerTime#SILENCE} it is passed over, so that a broker that cannot be reached moves no window on for longer.
 */
public final class RequestTime implements WatermarkStrategy<InboundRecord> {
    private static final long serialVersionUID = 1;

    /** A partition of which nothing came for so long after a start holds nothing. */
    static final Duration START_SILENCE = Duration.ofSeconds(5);

    /** How much further behind time is while no record tells it. */
    private static final long SLACK_MS = 1_000;

    /** What one look counts at most as silence: after a pause of the whole process the records of it come first. */
    private static final long LONGEST_LOOK_NANOS = 600_000_000;

    @Override
    public TimestampAssigner<InboundRecord> createTimestampAssigner(TimestampAssignerSupplier.Context context) {
        return (record, timestamp) -> record.appendMs();
    }

    @Override
    public WatermarkGenerator<InboundRecord> createWatermarkGenerator(WatermarkGeneratorSupplier.Context context) {
        return new OfPartition(context.getInputActivityClock());
    }

    private static final class OfPartition implements WatermarkGenerator<InboundRecord> {
        private final RelativeClock clock;
        private long newestMs = Long.MIN_VALUE;
        private long lookedNanos;
        private long silentNanos;

        OfPartition(RelativeClock clock) {
            this.clock = clock;
            this.lookedNanos = clock.relativeTimeNanos();
        }

        @Override
        public void onEvent(InboundRecord record, long timestampMs, WatermarkOutput output) {
            newestMs = Math.max(newestMs, record.appendMs());
            silentNanos = 0;
        }

        @Override
        public void onPeriodicEmit(WatermarkOutput output) {
            long now = clock.relativeTimeNanos();
            silentNanos += Math.min(now - lookedNanos, LONGEST_LOOK_NANOS);
            lookedNanos = now;
            Duration patience = newestMs == Long.MIN_VALUE ? START_SILENCE : BrokerTime.SILENCE;
            if (silentNanos > patience.toNanos()) {
                output.markIdle();
            } else if (newestMs != Long.MIN_VALUE) {
                long silentMs = Math.max(0, silentNanos / 1_000_000 - SLACK_MS);
                output.emitWatermark(new Watermark(newestMs + silentMs - BrokerTime.CLOSING_DELAY.toMillis()));
            }
        }
    }
}
