package dev.weir.queryserver.http;

import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.jspecify.annotations.Nullable;

/**
 * Accepts connections of which one can ask, while their request is served, whether the client has gone away; and ends
 * those whose client takes longer than its limit for headers, body or answer, however many bytes it sends meanwhile.
 */
public final class WatchedConnector extends ServerConnector {
    private static final long LOOK_EVERY_MILLIS = 500;

    /**
     * Connections that the system takes before they are accepted; it may allow fewer. Past them it drops the client's
     * packet, who tries again only a second later.
     */
    private static final int ACCEPT_QUEUE = 4096;

    private final ConnectionLimits limits;
    private final Consumer<String> cutOff;

    /** @param cutOff told the limit's name for each connection that is ended by one */
    public WatchedConnector(
            Server server, ConnectionLimits limits, Consumer<String> cutOff, ConnectionFactory... factories) {
        super(server, factories);
        this.limits = limits;
        this.cutOff = cutOff;
        setAcceptQueueSize(ACCEPT_QUEUE);
        setIdleTimeout(limits.maxIdleTime().toMillis());
        addBean(new NetworkConnectionLimit(limits.maxConnections(), this));
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        lookLater();
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
        WatchedEndPoint watched = watched(request);
        return watched != null
                ? watched.isClientGone()
                : !request.getConnectionMetaData().getConnection().getEndPoint().isOpen();
    }

    /** The request has come as far as this. */
    static void reached(Request request, Phase phase) {
        WatchedEndPoint watched = watched(request);
        if (watched != null) {
            watched.enter(phase);
        }
    }

    private static @Nullable WatchedEndPoint watched(Request request) {
        EndPoint endPoint = request.getConnectionMetaData().getConnection().getEndPoint();
        while (endPoint instanceof EndPoint.Wrapper wrapper) {
            endPoint = wrapper.unwrap();
        }
        return endPoint instanceof WatchedEndPoint watched ? watched : null;
    }

    private void lookLater() {
        try {
            getScheduler().schedule(this::look, LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            // It is stopping, and so are its connections.
        }
    }

    private void look() {
        if (!isRunning()) {
            return;
        }
        long nowNanos = System.nanoTime();
        for (EndPoint endPoint : getConnectedEndPoints()) {
            if (endPoint instanceof WatchedEndPoint watched) {
                Phase phase = watched.phase();
                Duration limit = phase.limit(limits);
                if (limit != null && watched.nanosInPhase(nowNanos) > limit.toNanos()) {
                    cutOff.accept(phase.limitName());
                    watched.close(new TimeoutException(phase.limitName() + " = " + limit));
                }
            }
        }
        lookLater();
    }
}
