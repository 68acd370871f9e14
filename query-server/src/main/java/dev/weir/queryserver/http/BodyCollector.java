package dev.weir.queryserver.http;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import org.eclipse.jetty.io.Content;

/** Collects a body up to its limit as it arrives; no thread waits meanwhile. */
final class BodyCollector implements Runnable {
    private final Content.Source source;
    private final Route.BodyLimit limit;
    private final Listener listener;
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();

    BodyCollector(Content.Source source, Route.BodyLimit limit, Listener listener) {
        this.source = source;
        this.limit = limit;
        this.listener = listener;
    }

    /** Told once how it ended. */
    interface Listener {
        void complete(byte[] body);

        void tooLong();

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
                listener.failed(chunk.getFailure());
                return;
            }
            ByteBuffer bytes = chunk.getByteBuffer();
            boolean fits = body.size() + bytes.remaining() <= limit.bytes();
            if (fits) {
                byte[] copy = new byte[bytes.remaining()];
                bytes.get(copy);
                body.writeBytes(copy);
            }
            boolean isLast = chunk.isLast();
            chunk.release();
            if (!fits) {
                listener.tooLong();
                return;
            }
            if (isLast) {
                listener.complete(body.toByteArray());
                return;
            }
        }
    }
}
