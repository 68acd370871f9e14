package dev.weir.queryserver.http;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import org.eclipse.jetty.io.Content;

/**
 * Collects a body up to its limit as it arrives; no thread waits meanwhile. What goes beyond is read and thrown away, so
 * that the client gets to see the answer, but only so much of it.
 */
final class BodyCollector implements Runnable {
    private static final long MAX_DISCARDED_BYTES = 64L << 20;

    private final Content.Source source;
    private final Route.BodyLimit limit;
    private final BodyMemory memory;
    private final Listener listener;
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private long discardedBytes;
    private boolean isOverMemory;

    BodyCollector(Content.Source source, Route.BodyLimit limit, BodyMemory memory, Listener listener) {
        this.source = source;
        this.limit = limit;
        this.memory = memory;
        this.listener = listener;
    }

    /** Told once how it ended. */
    interface Listener {
        /** As many bytes of memory are to be given back when the body is of no more use. */
        void complete(byte[] body);

        void tooLong();

        /** The bodies of all requests together would take too much. */
        void noRoom();

        void failed(Throwable failure);
    }

    @Override
    public void run() {
        while (true) {
            Content.Chunk chunk = source.read();
            if (chunk == null) {
                source.demand(this);
                return;
            }
            if (Content.Chunk.isFailure(chunk)) {
                discard();
                listener.failed(chunk.getFailure());
                return;
            }
            ByteBuffer bytes = chunk.getByteBuffer();
            take(bytes);
            boolean isLast = chunk.isLast();
            chunk.release();
            if (discardedBytes > 0 && (isLast || discardedBytes > MAX_DISCARDED_BYTES)) {
                if (isOverMemory) {
                    listener.noRoom();
                } else {
                    listener.tooLong();
                }
                return;
            }
            if (isLast) {
                listener.complete(body.toByteArray());
                return;
            }
        }
    }

    private void take(ByteBuffer bytes) {
        int count = bytes.remaining();
        boolean isTooLong = discardedBytes > 0 || body.size() + count > limit.bytes();
        if (isTooLong || isOverMemory || !memory.take(count)) {
            isOverMemory |= !isTooLong;
            discardedBytes += count;
            discard();
            return;
        }
        byte[] copy = new byte[count];
        bytes.get(copy);
        body.writeBytes(copy);
    }

    private void discard() {
        memory.giveBack(body.size());
        body.reset();
    }
}
