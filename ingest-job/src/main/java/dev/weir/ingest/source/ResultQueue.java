package dev.weir.ingest.source;

import dev.weir.ingest.topic.IngestRecord;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Hands results from the scraping threads to the task's thread. Bounded by its users: one result per target and one tick.
 */
final class ResultQueue {
    private static final CompletableFuture<Void> AVAILABLE = CompletableFuture.completedFuture(null);

    private final Deque<Result> results = new ArrayDeque<>();
    private CompletableFuture<Void> available = new CompletableFuture<>();

    /** A record in the making; made by the task's thread. */
    @FunctionalInterface
    interface Result {
        IngestRecord take();
    }

    void add(Result result) {
        CompletableFuture<Void> waiting;
        synchronized (this) {
            results.add(result);
            waiting = available;
        }
        waiting.complete(null);
    }

    synchronized @Nullable Result poll() {
        return results.poll();
    }

    /** Completes once there is a result. */
    synchronized CompletableFuture<Void> available() {
        if (!results.isEmpty()) {
            return AVAILABLE;
        }
        if (available.isDone()) {
            available = new CompletableFuture<>();
        }
        return available;
    }

    synchronized int size() {
        return results.size();
    }
}
