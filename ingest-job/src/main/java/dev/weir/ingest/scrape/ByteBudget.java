package dev.weir.ingest.scrape;

import java.util.concurrent.atomic.AtomicLong;

/** Bytes that several holders may have together. Safe for use by several threads. */
public final class ByteBudget {
    private final long limitBytes;
    private final AtomicLong heldBytes = new AtomicLong();

    public ByteBudget(long limitBytes) {
        this.limitBytes = limitBytes;
    }

    /** Takes {@code bytes} if they are left. */
    boolean tryTake(long bytes) {
        if (heldBytes.addAndGet(bytes) > limitBytes) {
            heldBytes.addAndGet(-bytes);
            return false;
        }
        return true;
    }

    public void giveBack(long bytes) {
        heldBytes.addAndGet(-bytes);
    }

    public long heldBytes() {
        return heldBytes.get();
    }

    public long limitBytes() {
        return limitBytes;
    }
}
