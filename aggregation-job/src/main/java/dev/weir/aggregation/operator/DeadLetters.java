package dev.weir.aggregation.operator;

import dev.weir.schemas.DeadLetter;
import dev.weir.schemas.EventCodec;
import java.nio.ByteBuffer;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes dead letters of records that cannot be used, counts them, and warns of every tenfold of them. */
final class DeadLetters {
    private static final Logger LOG = LoggerFactory.getLogger(DeadLetters.class);

    /** A dead letter holds no more of a record's value, so that it fits into its topic. */
    private static final int MAX_BURIED_BYTES = 48 << 20;

    private static final int MAX_BURIED_KEY_BYTES = 64 << 10;
    private static final int MAX_REASON_CHARS = 4_096;

    private final EventCodec<DeadLetter> codec = new EventCodec<>(DeadLetter.class);
    private final Counter count;
    private long nextWarning = 1;

    DeadLetters(MetricGroup metrics) {
        this.count = metrics.counter("weir_dead_letters_total");
    }

    /** The encoded dead letter of the record. */
    byte[] bury(InboundRecord record, String reason) {
        count.inc();
        if (count.getCount() >= nextWarning) {
            nextWarning *= 10;
            LOG.warn(
                    "Dead letter {} of this task, from {}-{} at {}: {}",
                    count.getCount(),
                    record.topic(),
                    record.partition(),
                    record.offset(),
                    reason);
        }
        String why = reason.length() > MAX_REASON_CHARS ? reason.substring(0, MAX_REASON_CHARS) : reason;
        if (record.value().length > MAX_BURIED_BYTES) {
            why += "; the value's " + record.value().length + " bytes are cut to " + MAX_BURIED_BYTES;
        }
        return codec.encode(DeadLetter.newBuilder()
                .setReason(why)
                .setTopic(record.topic())
                .setPartition(record.partition())
                .setOffset(record.offset())
                .setAppendTimeMs(record.appendMs())
                .setKey(cut(record.key(), MAX_BURIED_KEY_BYTES))
                .setValue(cut(record.value(), MAX_BURIED_BYTES))
                .build());
    }

    private static ByteBuffer cut(byte[] bytes, int most) {
        return ByteBuffer.wrap(bytes, 0, Math.min(bytes.length, most));
    }
}
