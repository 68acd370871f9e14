package dev.weir.aggregation.operator;

import dev.weir.aggregation.request.RejectedRequestException;
import dev.weir.aggregation.request.RequestReader;
import dev.weir.aggregation.request.RequestReport;
import dev.weir.schemas.EventCodec;
import dev.weir.schemas.RequestEvent;
import dev.weir.schemas.Tick;
import dev.weir.schemas.UndecodableRecordException;
import java.util.Objects;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;
import org.jspecify.annotations.Nullable;

/**
 * Reads request events; ticks have done their work; what cannot be decoded, and what cannot be true, goes to the dead letters with the field at fault.
 */
public final class RequestRouter extends ProcessFunction<InboundRecord, RequestReport> {
    private static final long serialVersionUID = 1;

    private transient @Nullable Running running;

    private record Running(
            EventCodec<RequestEvent> requests, EventCodec<Tick> ticks, RequestReader reader, DeadLetters deadLetters) {}

    @Override
    public void open(OpenContext context) {
        running = new Running(
                new EventCodec<>(RequestEvent.class),
                new EventCodec<>(Tick.class),
                new RequestReader(),
                new DeadLetters(getRuntimeContext().getMetricGroup()));
    }

    @Override
    public void processElement(InboundRecord record, Context context, Collector<RequestReport> out) {
        Running run = Objects.requireNonNull(running, "not open");
        try {
            if (run.ticks.reads(EventCodec.fingerprintOf(record.value()))) {
                run.ticks.decode(record.value());
                return;
            }
            out.collect(run.reader.read(run.requests.decode(record.value()), record.appendMs()));
        } catch (UndecodableRecordException | RejectedRequestException e) {
            context.output(EventRouter.DEAD_LETTERS, run.deadLetters.bury(record, String.valueOf(e.getMessage())));
        }
    }
}
