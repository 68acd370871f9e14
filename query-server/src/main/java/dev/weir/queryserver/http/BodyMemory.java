package dev.weir.queryserver.http;

import java.util.concurrent.atomic.AtomicLong;

/** What the bodies of all requests take that have come in part, or are being served. Thread-safe. */
final class BodyMemory {
    static final String LIMIT = "maxBodyBytesInMemory";

    private final long maxBytes;
    private final AtomicLong taken = new AtomicLong();

    BodyMemory(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** Takes so many bytes more, unless there is no room for them. */
    boolean take(long bytes) {
        if (taken.addAndGet(bytes) <= maxBytes) {
            return true;
        }
        taken.addAndGet(-bytes);
        return false;
    }

    void giveBack(long bytes) {
        taken.addAndGet(-bytes);
    }

    long maxBytes() {
        return maxBytes;
    }
}
