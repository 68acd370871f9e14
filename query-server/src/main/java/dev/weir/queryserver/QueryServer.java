package dev.weir.queryserver;

import static java.util.Objects.requireNonNull;

import dev.weir.promql.engine.EngineOptions;
import dev.weir.queryserver.api.ApiRoutes;
import dev.weir.queryserver.api.MetricsEndpoint;
import dev.weir.queryserver.api.QueryLimits;
import dev.weir.queryserver.http.Access;
import dev.weir.queryserver.http.ApiHandler;
import dev.weir.queryserver.http.Listening;
import dev.weir.queryserver.http.ReloadingTls;
import dev.weir.queryserver.http.Route;
import dev.weir.queryserver.http.Router;
import dev.weir.queryserver.http.ServerTls;
import dev.weir.queryserver.intake.IntakeRoutes;
import dev.weir.queryserver.remotewrite.RemoteWriteEndpoint;
import dev.weir.queryserver.store.Store;
import dev.weir.queryserver.telemetry.ServerMetrics;
import dev.weir.queryserver.token.TokenAccess;
import dev.weir.queryserver.token.TokenEndpoints;
import dev.weir.queryserver.token.TokenOptions;
import dev.weir.queryserver.token.Tokens;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import org.eclipse.jetty.server.ServerConnector;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running query server: remote write in, PromQL out. */
public final class QueryServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(QueryServer.class);
    private static final String LOOPBACK = "127.0.0.1";

    private final Store store;
    private final @Nullable Tokens tokens;
    private final Parts parts;

    /** What listens, and where. */
    private record Parts(
            Listening main,
            @Nullable Listening metrics,
            InetSocketAddress address,
            URI ownUrl,
            @Nullable InetSocketAddress metricsAddress) {}

    private QueryServer(Store store, @Nullable Tokens tokens, Parts parts) {
        this.store = store;
        this.tokens = tokens;
        this.parts = parts;
    }

    /**
     * Reads the data directory, then listens.
     *
     * @throws IOException with one line that says why not: the port or the directory is in use, or cannot be used
     */
    public static QueryServer start(QueryServerOptions options) throws IOException {
        ServerTls serverTls = options.web().tls();
        ReloadingTls tls = serverTls == null ? null : new ReloadingTls(serverTls);
        TokenOptions tokenOptions = options.tokens();
        Tokens tokens = tokenOptions == null ? null : Tokens.open(tokenOptions.directory(), options.clock());
        Access access = tokens == null
                ? Access.OPEN
                : new TokenAccess(tokens, requireNonNull(tokenOptions).ownSecret());
        Store store = Store.open(options.store(), options.clock());
        try {
            Parts parts = listen(options, store, tokens, access, tls);
            LOG.info(
                    "Query server listens on {}://{}:{}, data in {}",
                    tls == null ? "http" : "https",
                    options.host(),
                    parts.address.getPort(),
                    options.store().directory());
            return new QueryServer(store, tokens, parts);
        } catch (IOException | RuntimeException e) {
            store.close();
            throw e;
        }
    }

    /** Where it listens. */
    public InetSocketAddress address() {
        return parts.address;
    }

    /** How this process reaches it: without TLS, on loopback unless that is where it listens without TLS anyway. */
    public URI ownUrl() {
        return parts.ownUrl;
    }

    /** Where it tells its metrics; null if beside the API, or not at all. */
    public @Nullable InetSocketAddress metricsAddress() {
        return parts.metricsAddress;
    }

    /** Lets requests that run finish for a while, then stops. What was acknowledged is durable already. */
    @Override
    public void close() {
        parts.main.close();
        if (parts.metrics != null) {
            parts.metrics.close();
        }
        store.close();
        if (tokens != null) {
            tokens.close();
        }
        LOG.info("Query server on port {} has stopped", parts.address.getPort());
    }

    private static Parts listen(
            QueryServerOptions options, Store store, @Nullable Tokens tokens, Access access, @Nullable ReloadingTls tls)
            throws IOException {
        WebOptions web = options.web();
        ServerMetrics metrics = new ServerMetrics();
        MetricsEndpoint metricsEndpoint =
                new MetricsEndpoint(store, metrics, web.metrics().further(), options.clock());
        InetSocketAddress metricsAddress = web.metrics().address();
        ApiRoutes routes = new ApiRoutes(
                store,
                engine(options),
                options.queryLimits(),
                options.projectLimits(),
                options.hold(),
                options.store().retention(),
                options.clock(),
                metrics);
        Map<String, Route> writes =
                new HashMap<>(IntakeRoutes.of(options.intake(), options.projectLimits(), options.clock(), metrics));
        writes.put(
                "write",
                Route.write(
                        "write",
                        new Route.BodyLimit(
                                "maxBodyBytes", options.writeLimits().maxBodyBytes()),
                        new RemoteWriteEndpoint(store, options.writeLimits(), options.projectLimits(), metrics)));
        boolean isBeside = web.metrics().isEnabled() && metricsAddress == null;
        Router router = routes.router(
                writes, tokens == null ? null : new TokenEndpoints(tokens), isBeside ? metricsEndpoint : null);
        Listening main = new Listening(
                "weir-query-server",
                web.connectionLimits(),
                new ApiHandler(router, access, web.crossOrigin(), metrics::requestAnswered),
                metrics::connectionCutOff);
        ServerConnector outer = main.add(options.host(), options.port(), tls);
        ServerConnector inner = tls == null ? outer : main.add(LOOPBACK, 0, null);
        Listening forMetrics = null;
        ServerConnector metricsConnector = null;
        if (web.metrics().isEnabled() && metricsAddress != null) {
            forMetrics = new Listening(
                    "weir-metrics",
                    web.connectionLimits(),
                    new ApiHandler(
                            ApiRoutes.metricsAlone(metricsEndpoint),
                            access,
                            web.crossOrigin(),
                            metrics::requestAnswered),
                    metrics::connectionCutOff);
            metricsConnector = forMetrics.add(metricsAddress.getHostString(), metricsAddress.getPort(), null);
            forMetrics.start(metricsAddress, "query.metrics_address");
        }
        try {
            main.start(InetSocketAddress.createUnresolved(options.host(), options.port()), "query.listen");
        } catch (IOException e) {
            if (forMetrics != null) {
                forMetrics.close();
            }
            throw e;
        }
        InetSocketAddress address = new InetSocketAddress(options.host(), outer.getLocalPort());
        return new Parts(
                main,
                forMetrics,
                address,
                url(
                        tls == null
                                ? address
                                : new InetSocketAddress(InetAddress.getLoopbackAddress(), inner.getLocalPort())),
                metricsConnector == null || metricsAddress == null
                        ? null
                        : new InetSocketAddress(metricsAddress.getHostString(), metricsConnector.getLocalPort()));
    }

    private static URI url(InetSocketAddress address) {
        InetAddress ip = address.getAddress();
        String host = ip == null || ip.isAnyLocalAddress() ? LOOPBACK : address.getHostString();
        return URI.create("http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + address.getPort());
    }

    private static EngineOptions engine(QueryServerOptions options) {
        QueryLimits limits = options.queryLimits();
        return new EngineOptions(
                limits.lookbackDelta(),
                EngineOptions.DEFAULT.defaultSubqueryStep(),
                limits.maxSamples(),
                limits.maxPoints(),
                EngineOptions.DEFAULT.maxSubquerySteps(),
                limits.timeout(),
                options.delayedNameRemoval(),
                EngineOptions.DEFAULT.parser());
    }
}
