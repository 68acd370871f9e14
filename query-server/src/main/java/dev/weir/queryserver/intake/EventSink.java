package dev.weir.queryserver.intake;

import dev.weir.schemas.RequestEvent;
import dev.weir.schemas.ScrapeEvent;
import java.util.concurrent.CompletableFuture;

/**
 * Writes events where the aggregation reads them. A future completes once the event is as safe as it will be; one that fails
 * says nothing about whether the event was written. Thread-safe.
 */
public interface EventSink {
    CompletableFuture<?> write(ScrapeEvent event);

    CompletableFuture<?> write(RequestEvent event);
}
