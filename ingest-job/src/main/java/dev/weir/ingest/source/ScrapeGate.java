package dev.weir.ingest.source;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Lets a limited number of scrapes run at once, the others in order of arrival. Safe for use by several threads. */
final class ScrapeGate {
    private final int limit;
    private final Deque<Supplier<CompletableFuture<?>>> waiting = new ArrayDeque<>();
    private int running;

    ScrapeGate(int limit) {
        this.limit = limit;
    }

    /** Starts {@code scrape} now or when another one ends. */
    void enter(Supplier<CompletableFuture<?>> scrape) {
        synchronized (this) {
            if (running >= limit) {
                waiting.add(scrape);
                return;
            }
            running++;
        }
        start(scrape);
    }

    synchronized int running() {
        return running;
    }

    synchronized int waiting() {
        return waiting.size();
    }

    private void start(Supplier<CompletableFuture<?>> first) {
        // A loop, since scrapes that end at once must not nest.
        Supplier<CompletableFuture<?>> scrape = first;
        while (scrape != null) {
            CompletableFuture<?> end = scrape.get();
            if (!end.isDone()) {
                var unused = end.whenComplete((result, failure) -> {
                    Supplier<CompletableFuture<?>> next = next();
                    if (next != null) {
                        start(next);
                    }
                });
                return;
            }
            scrape = next();
        }
    }

    /** The scrape that takes over a place that became free, or null if none waits. */
    private synchronized @Nullable Supplier<CompletableFuture<?>> next() {
        Supplier<CompletableFuture<?>> next = waiting.poll();
        if (next == null) {
            running--;
        }
        return next;
    }
}
