package dev.weir.queryserver.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * A connection that knows how far its request has come and for how long. While it serves a request, Jetty does not read
 * from the connection, and so does not see its end. This reads a few bytes ahead; if there are any, they are the next
 * request's, or TLS' farewell, and are given to whoever reads next.
 */
final class WatchedEndPoint extends SocketChannelEndPoint {
    private static final long NANOS_BETWEEN_LOOKS = 20_000_000;

    /** More than TLS' farewell, behind which alone the end can be seen. */
    private static final int MAX_AHEAD_BYTES = 64;

    /** Ready to be filled; what was read lies before its position. */
    private ByteBuffer ahead = BufferUtil.EMPTY_BUFFER;

    private boolean isGone;
    private long lookedNanos;
    private volatile Phase phase = Phase.IDLE;
    private volatile long phaseNanos;

    WatchedEndPoint(SocketChannel channel, ManagedSelector selector, SelectionKey key, Scheduler scheduler) {
        super(channel, selector, key, scheduler);
        this.lookedNanos = System.nanoTime();
        this.phaseNanos = lookedNanos;
    }

    Phase phase() {
        return phase;
    }

    long nanosInPhase(long nowNanos) {
        return nowNanos - phaseNanos;
    }

    void enter(Phase next) {
        phaseNanos = System.nanoTime();
        phase = next;
    }

    synchronized boolean isClientGone() {
        long nowNanos = System.nanoTime();
        if (isGone || nowNanos - lookedNanos < NANOS_BETWEEN_LOOKS) {
            return isGone;
        }
        lookedNanos = nowNanos;
        if (ahead.capacity() == 0) {
            ahead = ByteBuffer.allocate(MAX_AHEAD_BYTES);
        }
        try {
            isGone = ahead.hasRemaining() && getChannel().read(ahead) < 0;
        } catch (IOException e) {
            isGone = true;
        }
        return isGone;
    }

    @Override
    public synchronized int fill(ByteBuffer buffer) throws IOException {
        int count = ahead.position();
        if (count == 0) {
            count = super.fill(buffer);
        } else {
            int position = BufferUtil.flipToFill(buffer);
            ahead.flip();
            count = Math.min(count, buffer.remaining());
            ByteBuffer part = ahead.duplicate();
            part.limit(count);
            buffer.put(part);
            ahead.position(count);
            ahead.compact();
            BufferUtil.flipToFlush(buffer, position);
        }
        if (count > 0 && phase == Phase.IDLE) {
            enter(Phase.HEADERS);
        }
        return count;
    }

    @Override
    protected void needsFillInterest() {
        boolean isFilled;
        synchronized (this) {
            isFilled = ahead.position() > 0;
        }
        if (isFilled) {
            getFillInterest().fillable();
        } else {
            super.needsFillInterest();
        }
    }
}
