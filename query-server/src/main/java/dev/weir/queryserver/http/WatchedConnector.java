package dev.weir.queryserver.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.thread.Scheduler;

/** Accepts connections of which one can ask, while their request is served, whether the client has gone away. */
public final class WatchedConnector extends ServerConnector {
    private static final long NANOS_BETWEEN_LOOKS = 20_000_000;

    public WatchedConnector(Server server, HttpConnectionFactory http) {
        super(server, http);
    }

    @Override
    protected SocketChannelEndPoint newEndPoint(SocketChannel channel, ManagedSelector selector, SelectionKey key) {
        SocketChannelEndPoint endPoint = new WatchedEndPoint(channel, selector, key, getScheduler());
        endPoint.setIdleTimeout(getIdleTimeout());
        return endPoint;
    }

    /**
     * Whether nobody waits for the answer any more. To be asked by the thread that serves the request, whose body must
     * have been read; cheap enough for a loop.
     */
    static boolean isClientGone(Request request) {
        EndPoint endPoint = request.getConnectionMetaData().getConnection().getEndPoint();
        return endPoint instanceof WatchedEndPoint watched ? watched.isClientGone() : !endPoint.isOpen();
    }

    /**
     * While it serves a request, Jetty does not read from the connection, and so does not see its end. This reads one
     * byte ahead; if there is one, it is the next request's and is given to whoever reads next.
     */
    private static final class WatchedEndPoint extends SocketChannelEndPoint {
        private final ByteBuffer ahead = ByteBuffer.allocate(1);
        private boolean hasByte;
        private boolean isGone;
        private long lookedNanos;

        WatchedEndPoint(SocketChannel channel, ManagedSelector selector, SelectionKey key, Scheduler scheduler) {
            super(channel, selector, key, scheduler);
            this.lookedNanos = System.nanoTime();
        }

        synchronized boolean isClientGone() {
            long nowNanos = System.nanoTime();
            if (isGone || hasByte || nowNanos - lookedNanos < NANOS_BETWEEN_LOOKS) {
                return isGone;
            }
            lookedNanos = nowNanos;
            try {
                ahead.clear();
                int count = getChannel().read(ahead);
                hasByte = count > 0;
                isGone = count < 0;
            } catch (IOException e) {
                isGone = true;
            }
            return isGone;
        }

        @Override
        public synchronized int fill(ByteBuffer buffer) throws IOException {
            if (!hasByte) {
                return super.fill(buffer);
            }
            int position = BufferUtil.flipToFill(buffer);
            buffer.put(ahead.get(0));
            BufferUtil.flipToFlush(buffer, position);
            hasByte = false;
            return 1 + Math.max(0, super.fill(buffer));
        }

        @Override
        protected void needsFillInterest() {
            boolean isFilled;
            synchronized (this) {
                isFilled = hasByte;
            }
            if (isFilled) {
                getFillInterest().fillable();
            } else {
                super.needsFillInterest();
            }
        }
    }
}
