package dev.weir.simulator.http;

import dev.weir.simulator.fleet.Fleet;
import dev.weir.simulator.fleet.Ports;
import dev.weir.simulator.fleet.Truth;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.SocketChannel;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.jspecify.annotations.Nullable;

/**
 * One Jetty for the whole fleet: it listens on the admin port itself, and takes the pods' connections from {@link PodPorts},
 * so that a thousand pods need no thousand selectors. A request is told apart by the local port of its connection.
 */
public final class FleetServer implements AutoCloseable {
    private static final int MAX_THREADS = 16;
    private static final long IDLE_TIMEOUT_MS = 180_000;

    private final Server server;
    private final ServerConnector connector;
    private final PodPorts ports;
    private final @Nullable String bearerToken;
    private volatile @Nullable Routes routes;

    /** Listens on the admin port; pods' ports are opened through {@link #ports}. */
    public FleetServer(String host, int basePort, int adminPort, @Nullable String bearerToken) throws IOException {
        this.bearerToken = bearerToken;
        QueuedThreadPool threads = new QueuedThreadPool(MAX_THREADS, 4);
        threads.setName("simulated-pods");
        threads.setDaemon(true);
        server = new Server(threads);
        HttpConfiguration http = new HttpConfiguration();
        http.setSendDateHeader(true);
        http.setSendServerVersion(false);
        connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(http));
        connector.setHost(host);
        connector.setPort(adminPort);
        connector.setIdleTimeout(IDLE_TIMEOUT_MS);
        server.addConnector(connector);
        server.setHandler(new Handler.Abstract() {
            @Override
            public boolean handle(Request request, Response response, Callback callback) {
                return route(request, response, callback);
            }
        });
        startServer(host, adminPort);
        try {
            ports = new PodPorts(host, basePort, this::take, this::disconnect);
        } catch (IOException e) {
            stopServer();
            throw e;
        }
    }

    /** Where pods' ports are opened. */
    public Ports ports() {
        return ports;
    }

    /** From now on answers for this fleet. */
    public void serve(Fleet fleet) {
        routes = new Routes(new ScrapeHandler(fleet, bearerToken), new AdminHandler(fleet, new Truth(fleet)));
    }

    /** The port it listens on itself. */
    public int adminPort() {
        return connector.getLocalPort();
    }

    @Override
    public void close() {
        ports.close();
        stopServer();
    }

    private void startServer(String host, int adminPort) throws IOException {
        try {
            server.start();
        } catch (Exception e) {
            stopServer();
            throw new IOException(
                    "admin port " + host + ":" + adminPort + " cannot be listened on: " + e.getMessage(), e);
        }
    }

    private void stopServer() {
        try {
            server.stop();
        } catch (Exception e) {
            throw new IllegalStateException("the simulated fleet's server did not stop", e);
        }
    }

    private boolean route(Request request, Response response, Callback callback) {
        Routes current = routes;
        int port = Request.getLocalPort(request);
        if (current == null) {
            Response.writeError(request, response, callback, 503, "the fleet is starting");
        } else if (port == adminPort()) {
            current.admin().handle(request, response, callback);
        } else {
            current.scrape().handle(port, request, response, callback);
        }
        return true;
    }

    private void take(SocketChannel channel) {
        try {
            channel.configureBlocking(false);
            channel.socket().setTcpNoDelay(true);
            connector.getSelectorManager().accept(channel);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void disconnect(int port) {
        for (EndPoint endPoint : connector.getConnectedEndPoints()) {
            SocketAddress local = endPoint.getLocalSocketAddress();
            if (local instanceof InetSocketAddress address && address.getPort() == port) {
                endPoint.close();
            }
        }
    }

    private record Routes(ScrapeHandler scrape, AdminHandler admin) {}
}
