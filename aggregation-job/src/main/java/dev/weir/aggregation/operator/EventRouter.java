package dev.weir.aggregation.operator;

import dev.weir.aggregation.scrape.TargetStage;
import dev.weir.schemas.EventCodec;
import dev.weir.schemas.ScrapeEvent;
import dev.weir.schemas.Tick;
import dev.weir.schemas.UndecodableRecordException;
import java.util.Objects;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;
import org.jspecify.annotations.Nullable;

/** Sends scrape events to their targets and everything undecodable to the dead letters; ticks have done their work. */
public final class EventRouter extends ProcessFunction<InboundRecord, RoutedScrape> {
    private static final long serialVersionUID = 1;

    /** Encoded {@link dev.weir.schemas.DeadLetter}s. */
    public static final OutputTag<byte[]> DEAD_LETTERS =
            new OutputTag<>("dead-letters", PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO);

    private transient @Nullable Running running;

    private static final class Running {
        final EventCodec<ScrapeEvent> scrapes = new EventCodec<>(ScrapeEvent.class);
        final EventCodec<Tick> ticks = new EventCodec<>(Tick.class);
        final DeadLetters deadLetters;

        Running(DeadLetters deadLetters) {
            this.deadLetters = deadLetters;
        }
    }

    @Override
    public void open(OpenContext context) {
        running = new Running(new DeadLetters(getRuntimeContext().getMetricGroup()));
    }

    @Override
    public void processElement(InboundRecord record, Context context, Collector<RoutedScrape> out) {
        Running run = Objects.requireNonNull(running, "not open");
        try {
            if (run.ticks.reads(EventCodec.fingerprintOf(record.value()))) {
                run.ticks.decode(record.value());
                return;
            }
            ScrapeEvent event = run.scrapes.decode(record.value());
            out.collect(new RoutedScrape(TargetStage.target(event), record.appendMs(), record.value()));
        } catch (UndecodableRecordException e) {
            context.output(DEAD_LETTERS, run.deadLetters.bury(record, String.valueOf(e.getMessage())));
        }
    }
}
