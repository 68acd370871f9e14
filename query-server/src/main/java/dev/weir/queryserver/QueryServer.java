package dev.weir.queryserver;

import static java.util.Objects.requireNonNull;

import dev.weir.promql.engine.EngineOptions;
import dev.weir.promql.engine.PromQlEngine;
import dev.weir.queryserver.api.ApiRoutes;
import dev.weir.queryserver.api.QueryLimits;
import dev.weir.queryserver.http.Access;
import dev.weir.queryserver.http.ApiHandler;
import dev.weir.queryserver.http.ErrorReplies;
import dev.weir.queryserver.http.Route;
import dev.weir.queryserver.http.Router;
import dev.weir.queryserver.http.WatchedConnector;
import dev.weir.queryserver.remotewrite.RemoteWriteEndpoint;
import dev.weir.queryserver.store.Store;
import dev.weir.queryserver.telemetry.ServerMetrics;
import dev.weir.queryserver.token.TokenAccess;
import dev.weir.queryserver.token.TokenEndpoints;
import dev.weir.queryserver.token.TokenOptions;
import dev.weir.queryserver.token.Tokens;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.channels.UnresolvedAddressException;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running query server: remote write in, PromQL out. */
public final class QueryServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(QueryServer.class);
    private static final int MAX_THREADS = 100;
    private static final int MIN_THREADS = 8;
    private static final int MAX_HEADER_BYTES = 64 * 1024;
    private static final long IDLE_MILLIS = 60_000;
    private static final long STOP_MILLIS = 10_000;

    private final Store store;
    private final @Nullable Tokens tokens;
    private final Server server;
    private final InetSocketAddress address;

    private QueryServer(Store store, @Nullable Tokens tokens, Server server, InetSocketAddress address) {
        this.store = store;
        this.tokens = tokens;
        this.server = server;
        this.address = address;
    }

    /**
     * Reads the data directory, then listens.
     *
     * @throws IOException with one line that says why not: the port or the directory is in use, or cannot be used
     */
    public static QueryServer start(QueryServerOptions options) throws IOException {
        TokenOptions tokenOptions = options.tokens();
        Tokens tokens = tokenOptions == null ? null : Tokens.open(tokenOptions.directory(), options.clock());
        Access access = tokens == null
                ? Access.OPEN
                : new TokenAccess(tokens, requireNonNull(tokenOptions).ownSecret());
        Store store = Store.open(options.store(), options.clock());
        ServerMetrics metrics = new ServerMetrics();
        ApiRoutes routes =
                new ApiRoutes(store, engine(options), options.queryLimits(), options.hold(), options.clock(), metrics);
        Route remoteWrite = Route.write(
                "write",
                new Route.BodyLimit("maxBodyBytes", options.writeLimits().maxBodyBytes()),
                new RemoteWriteEndpoint(store, options.writeLimits(), metrics));
        Router router = routes.router(remoteWrite, tokens == null ? null : new TokenEndpoints(tokens));
        Server server = server(options, new ApiHandler(router, access, metrics::requestAnswered));
        try {
            server.start();
        } catch (Exception e) {
            store.close();
            throw cannotListen(options, e);
        }
        ServerConnector connector = (ServerConnector) server.getConnectors()[0];
        InetSocketAddress address = new InetSocketAddress(options.host(), connector.getLocalPort());
        LOG.info(
                "Query server listens on http://{}:{}, data in {}",
                options.host(),
                address.getPort(),
                options.store().directory());
        return new QueryServer(store, tokens, server, address);
    }

    /** Where it listens. */
    public InetSocketAddress address() {
        return address;
    }

    /** Lets requests that run finish for a while, then stops. What was acknowledged is durable already. */
    @Override
    public void close() {
        try {
            server.stop();
        } catch (Exception e) {
            LOG.warn("The query server did not stop cleanly: {}", e.toString());
        }
        store.close();
        if (tokens != null) {
            tokens.close();
        }
        LOG.info("Query server on port {} has stopped", address.getPort());
    }

    private static PromQlEngine engine(QueryServerOptions options) {
        QueryLimits limits = options.queryLimits();
        return new PromQlEngine(new EngineOptions(
                limits.lookbackDelta(),
                EngineOptions.DEFAULT.defaultSubqueryStep(),
                limits.maxSamples(),
                limits.maxPoints(),
                EngineOptions.DEFAULT.maxSubquerySteps(),
                limits.timeout(),
                options.delayedNameRemoval(),
                EngineOptions.DEFAULT.parser()));
    }

    private static Server server(QueryServerOptions options, Handler handler) {
        QueuedThreadPool threads = new QueuedThreadPool(MAX_THREADS, MIN_THREADS);
        threads.setName("weir-query-server");
        threads.setDaemon(true);
        Server server = new Server(threads);
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
        ServerConnector connector = new WatchedConnector(server, new HttpConnectionFactory(http));
        connector.setHost(options.host());
        connector.setPort(options.port());
        connector.setIdleTimeout(IDLE_MILLIS);
        server.addConnector(connector);
        server.setStopTimeout(STOP_MILLIS);
        server.setErrorHandler(new ErrorReplies());
        server.setHandler(handler);
        return server;
    }

    private static IOException cannotListen(QueryServerOptions options, Exception cause) {
        String where = options.host() + ":" + options.port();
        for (Throwable e = cause; e != null; e = e.getCause()) {
            if (e instanceof BindException) {
                return new IOException("cannot listen on " + where + ": " + e.getMessage()
                        + " (expected: a free port of this machine; see query.listen)");
            }
            if (e instanceof UnresolvedAddressException) {
                return new IOException(
                        "cannot listen on " + where + ": unknown host (expected: an address of this machine)");
            }
        }
        return new IOException("cannot listen on " + where + ": " + cause, cause);
    }
}
