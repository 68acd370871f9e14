package dev.weir.aggregation.operator;

import dev.weir.aggregation.scrape.TargetStage;
import dev.weir.schemas.DeadLetter;
import dev.weir.schemas.EventCodec;
import dev.weir.schemas.ScrapeEvent;
import dev.weir.schemas.Tick;
import dev.weir.schemas.UndecodableRecordException;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.metrics.Counter;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends scrape events to their targets and everything undecodable to the dead letters; ticks have done their work. */
public final class EventRouter extends ProcessFunction<InboundRecord, RoutedScrape> {
    private static final long serialVersionUID = 1;
    private static final Logger LOG = LoggerFactory.getLogger(EventRouter.class);

    /** Encoded {@link DeadLetter}s. */
    public static final OutputTag<byte[]> DEAD_LETTERS =
            new OutputTag<>("dead-letters", PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO);

    /** A dead letter holds no more of a record's value, so that it fits into its topic. */
    private static final int MAX_BURIED_BYTES = 48 << 20;

    private static final int MAX_BURIED_KEY_BYTES = 64 << 10;
    private static final int MAX_REASON_CHARS = 4_096;

    private transient @Nullable Running running;

    private static final class Running {
        final EventCodec<ScrapeEvent> scrapes = new EventCodec<>(ScrapeEvent.class);
        final EventCodec<Tick> ticks = new EventCodec<>(Tick.class);
        final EventCodec<DeadLetter> deadLetters = new EventCodec<>(DeadLetter.class);
        final Counter deadLetterCount;
        long nextWarning = 1;

        Running(Counter deadLetterCount) {
            this.deadLetterCount = deadLetterCount;
        }
    }

    @Override
    public void open(OpenContext context) {
        running = new Running(getRuntimeContext().getMetricGroup().counter("weir_dead_letters_total"));
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
            bury(run, record, e, context);
        }
    }

    private static void bury(Running run, InboundRecord record, UndecodableRecordException reason, Context context) {
        run.deadLetterCount.inc();
        if (run.deadLetterCount.getCount() >= run.nextWarning) {
            run.nextWarning *= 10;
            LOG.warn(
                    "Dead letter {} of this task, from {}-{} at {}: {}",
                    run.deadLetterCount.getCount(),
                    record.topic(),
                    record.partition(),
                    record.offset(),
                    reason.getMessage());
        }
        String why = String.valueOf(reason.getMessage());
        if (why.length() > MAX_REASON_CHARS) {
            why = why.substring(0, MAX_REASON_CHARS);
        }
        if (record.value().length > MAX_BURIED_BYTES) {
            why += "; the value's " + record.value().length + " bytes are cut to " + MAX_BURIED_BYTES;
        }
        DeadLetter letter = DeadLetter.newBuilder()
                .setReason(why)
                .setTopic(record.topic())
                .setPartition(record.partition())
                .setOffset(record.offset())
                .setAppendTimeMs(record.appendMs())
                .setKey(cut(record.key(), MAX_BURIED_KEY_BYTES))
                .setValue(cut(record.value(), MAX_BURIED_BYTES))
                .build();
        context.output(DEAD_LETTERS, run.deadLetters.encode(letter));
    }

    private static ByteBuffer cut(byte[] bytes, int most) {
        return ByteBuffer.wrap(bytes, 0, Math.min(bytes.length, most));
    }
}
