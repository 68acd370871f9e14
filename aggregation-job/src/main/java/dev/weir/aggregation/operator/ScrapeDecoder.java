package dev.weir.aggregation.operator;

import dev.weir.schemas.EventCodec;
import dev.weir.schemas.ScrapeEvent;
import dev.weir.schemas.UndecodableRecordException;
import org.jspecify.annotations.Nullable;

/** Decodes scrape events one after the other into the same memory. Not safe for use by several threads. */
final class ScrapeDecoder {
    /** Memory of a larger body is not kept for the next one. */
    private static final int MAX_KEPT_BYTES = 1 << 20;

    private final EventCodec<ScrapeEvent> codec = new EventCodec<>(ScrapeEvent.class);
    private @Nullable ScrapeEvent former;

    /**
     * The event in {@code bytes}, valid until the next call but for its strings.
     *
     * @throws UndecodableRecordException as {@link EventCodec#decode(byte[])}
     */
    ScrapeEvent decode(byte[] bytes) throws UndecodableRecordException {
        ScrapeEvent event = codec.decode(bytes, former);
        former = event.getBody().capacity() > MAX_KEPT_BYTES ? null : event;
        return event;
    }
}
