package dev.weir.aggregation.operator;

import dev.weir.aggregation.request.RejectedRequestException;
import dev.weir.schemas.EventCodec;
import dev.weir.schemas.Tick;
import dev.weir.schemas.UndecodableRecordException;
import java.util.Objects;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads one topic: ticks have done their work, and what cannot be read goes to the dead letters. What of the topic expired before
 * it was read is told and counted. State: {@link ReadOffsets}, some bytes a partition.
 *
 * @param <T> what a record becomes
 */
public abstract class TopicRouter<T> extends ProcessFunction<InboundRecord, T> implements CheckpointedFunction {
    private static final long serialVersionUID = 1;
    private static final Logger LOG = LoggerFactory.getLogger(TopicRouter.class);

    /** Encoded {@link dev.weir.schemas.DeadLetter}s. */
    public static final OutputTag<byte[]> DEAD_LETTERS =
            new OutputTag<>("dead-letters", PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO);

    private transient @Nullable ReadOffsets offsets;
    private transient @Nullable Running running;

    private record Running(EventCodec<Tick> ticks, DeadLetters deadLetters, Counter expired) {}

    TopicRouter() {}

    /** What the record says, which is no tick. */
    abstract T read(InboundRecord record) throws UndecodableRecordException, RejectedRequestException;

    @Override
    public void open(OpenContext context) {
        MetricGroup metrics = getRuntimeContext().getMetricGroup();
        running = new Running(
                new EventCodec<>(Tick.class), new DeadLetters(metrics), metrics.counter("weir_records_expired_total"));
    }

    @Override
    public void initializeState(FunctionInitializationContext context) throws Exception {
        offsets = new ReadOffsets(context.getOperatorStateStore());
    }

    @Override
    public void snapshotState(FunctionSnapshotContext context) throws Exception {
        Objects.requireNonNull(offsets, "not initialized").store();
    }

    @Override
    public void processElement(InboundRecord record, Context context, Collector<T> out) {
        Running run = Objects.requireNonNull(running, "not open");
        long missing = Objects.requireNonNull(offsets, "not initialized").missingBefore(record);
        if (missing > 0) {
            run.expired.inc(missing);
            LOG.warn(
                    "{}-{}: offsets {} to {} are gone (expected: kept until they are read; retention is too short for the"
                            + " time that the job was down or behind); going on from {}",
                    record.topic(),
                    record.partition(),
                    record.offset() - missing,
                    record.offset() - 1,
                    record.offset());
        }
        try {
            if (run.ticks.reads(EventCodec.fingerprintOf(record.value()))) {
                run.ticks.decode(record.value());
                return;
            }
            out.collect(read(record));
        } catch (UndecodableRecordException | RejectedRequestException e) {
            context.output(DEAD_LETTERS, run.deadLetters.bury(record, String.valueOf(e.getMessage())));
        }
    }

    /** How many offsets are known to have expired unread, since the operator was opened. */
    long expired() {
        return Objects.requireNonNull(running, "not open").expired.getCount();
    }
}
