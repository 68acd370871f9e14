package dev.weir.queryserver.http;

import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.channels.UnresolvedAddressException;
import java.util.function.Consumer;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** HTTP on one address, or several, with the threads that serve it. */
public final class Listening implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Listening.class);
    /** More than the writes, the pushes and, by default, the queries that may run and wait: none keeps the others from being heard. */
    private static final int MAX_THREADS = 400;

    private static final int MIN_THREADS = 8;
    private static final int MAX_HEADER_BYTES = 64 * 1024;
    /** A request of thousands of samples comes in a read or two. A connection holds as much only while it is read from. */
    private static final int READ_BYTES = 64 * 1024;

    private static final long STOP_MILLIS = 10_000;

    private final Server server;
    private final ConnectionLimits limits;
    private final Consumer<String> cutOff;

    /** @param cutOff told the limit's name for each connection that is ended by one */
    public Listening(String name, ConnectionLimits limits, Handler handler, Consumer<String> cutOff) {
        this.limits = limits;
        this.cutOff = cutOff;
        QueuedThreadPool threads = new QueuedThreadPool(MAX_THREADS, MIN_THREADS);
        threads.setName(name);
        threads.setDaemon(true);
        this.server = new Server(threads);
        server.setStopTimeout(STOP_MILLIS);
        server.setErrorHandler(new ErrorReplies());
        server.setHandler(handler);
    }

    /** Listens there too, before it is started; the connector tells the port once it is. */
    public ServerConnector add(String host, int port, @Nullable ReloadingTls tls) {
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        http.setSendXPoweredBy(false);
        http.setRequestHeaderSize(MAX_HEADER_BYTES);
        // The router takes paths as they are encoded, so an encoded slash is no danger.
        http.setUriCompliance(UriCompliance.DEFAULT.with(
                "weir",
                UriCompliance.Violation.AMBIGUOUS_EMPTY_SEGMENT,
                UriCompliance.Violation.AMBIGUOUS_PATH_SEPARATOR,
                UriCompliance.Violation.AMBIGUOUS_PATH_ENCODING));
        ServerConnector connector;
        if (tls == null) {
            connector = new WatchedConnector(server, limits, cutOff, connection(http));
        } else {
            // Clients call the server by names that its certificate need not know; they are the ones to check it.
            http.addCustomizer(new SecureRequestCustomizer(false));
            connector = new WatchedConnector(
                    server, limits, cutOff, new SslConnectionFactory(tls.factory(), "http/1.1"), connection(http));
            server.addBean(tls);
        }
        connector.setHost(host);
        connector.setPort(port);
        server.addConnector(connector);
        return connector;
    }

    private static HttpConnectionFactory connection(HttpConfiguration http) {
        HttpConnectionFactory factory = new HttpConnectionFactory(http);
        factory.setInputBufferSize(READ_BYTES);
        return factory;
    }

    /** @throws IOException with one line that says why not, and which setting to look at */
    public void start(InetSocketAddress address, String setting) throws IOException {
        try {
            server.start();
        } catch (Exception e) {
            close();
            throw cannotListen(address.getHostString() + ":" + address.getPort(), setting, e);
        }
    }

    /** Lets requests that run finish for a while, then stops. */
    @Override
    public void close() {
        try {
            server.stop();
        } catch (Exception e) {
            LOG.warn("The query server did not stop cleanly: {}", e.toString());
        }
    }

    private static IOException cannotListen(String where, String setting, Exception cause) {
        for (Throwable e = cause; e != null; e = e.getCause()) {
            if (e instanceof BindException) {
                return new IOException("cannot listen on " + where + ": " + e.getMessage()
                        + " (expected: a free port of this machine; see " + setting + ")");
            }
            if (e instanceof UnresolvedAddressException) {
                return new IOException(
                        "cannot listen on " + where + ": unknown host (expected: an address of this machine)");
            }
        }
        return new IOException("cannot listen on " + where + ": " + cause, cause);
    }
}
