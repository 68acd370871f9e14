package dev.weir.standalone;

import dev.weir.configuration.HostPort;
import dev.weir.configuration.QueryConfig;
import dev.weir.configuration.Secret;
import dev.weir.configuration.TlsConfig;
import dev.weir.configuration.WeirConfig;
import dev.weir.configuration.tls.TlsContext;
import dev.weir.queryserver.QueryServer;
import dev.weir.queryserver.QueryServerOptions;
import dev.weir.queryserver.WebOptions;
import dev.weir.queryserver.api.QueryLimits;
import dev.weir.queryserver.http.ConnectionLimits;
import dev.weir.queryserver.http.CrossOrigin;
import dev.weir.queryserver.http.ServerTls;
import dev.weir.queryserver.intake.EventSink;
import dev.weir.queryserver.intake.Intake;
import dev.weir.queryserver.intake.PushLimits;
import dev.weir.queryserver.limit.ProjectLimits;
import dev.weir.queryserver.remotewrite.WriteLimits;
import dev.weir.queryserver.telemetry.FurtherMetrics;
import dev.weir.queryserver.token.Secrets;
import dev.weir.queryserver.token.TokenOptions;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** The query server as the configuration wants it. */
public final class QueryEndpoint implements AutoCloseable {
    private final QueryServer server;
    private final boolean isTls;
    private final @Nullable Secret ownToken;

    private QueryEndpoint(QueryServer server, boolean isTls, @Nullable Secret ownToken) {
        this.server = server;
        this.isTls = isTls;
        this.ownToken = ownToken;
    }

    /**
     * Starts the server on the store in {@code dataDir}.
     *
     * @param furtherMetrics told below the server's own
     * @param sink where pushed events go; null refuses them
     * @throws StartupException if it cannot listen or read the store
     */
    public static QueryEndpoint start(
            WeirConfig config, DataDir dataDir, FurtherMetrics furtherMetrics, @Nullable EventSink sink) {
        QueryConfig query = config.query();
        QueryConfig.Limits limits = query.limits();
        QueryServerOptions options = QueryServerOptions.of(dataDir.store())
                .withListen(query.listen().host(), query.listen().port())
                .withRetention(query.retention(), query.retentionSizeBytes())
                .withHold(query.hold())
                .withDelayedNameRemoval(query.delayedNameRemoval())
                .withQueryLimits(new QueryLimits(
                        limits.timeout(),
                        limits.maxConcurrentQueries(),
                        limits.maxSamples(),
                        limits.maxSeries(),
                        limits.maxPoints(),
                        query.lookbackDelta()))
                .withProjectLimits(projectLimits(query))
                .withWriteLimits(WriteLimits.DEFAULT.withRequestBytes(
                        Math.toIntExact(limits.maxBodySizeBytes()), Math.toIntExact(limits.maxDecompressedSizeBytes())))
                .withWeb(web(query.web(), furtherMetrics));
        if (sink != null) {
            options = options.withIntake(new Intake(
                    sink,
                    config.project(),
                    dataDir.takenInSinceMs(),
                    PushedEvents.WRITE_TIMEOUT,
                    pushLimits(limits.pushes())));
        }
        Secret ownToken = null;
        if (query.auth() == QueryConfig.Auth.TOKENS) {
            String secret = Secrets.newSecret();
            ownToken = Secret.of(secret);
            options = options.withTokens(new TokenOptions(dataDir.tokens(), secret));
        }
        try {
            return new QueryEndpoint(QueryServer.start(options), query.web().tls() != null, ownToken);
        } catch (IOException e) {
            throw new StartupException("query server: " + e.getMessage(), e);
        }
    }

    /** The same, with nothing to tell below the server's own metrics. */
    public static QueryEndpoint start(WeirConfig config, DataDir dataDir, @Nullable EventSink sink) {
        return start(config, dataDir, FurtherMetrics.NONE, sink);
    }

    /** Where this process reaches it. */
    public URI url() {
        return server.ownUrl();
    }

    /** Where others reach it. */
    public URI publicUrl() {
        URI own = server.ownUrl();
        if (!isTls) {
            return own;
        }
        String host = server.address().getHostString();
        return URI.create("https://" + (host.contains(":") ? "[" + host + "]" : host) + ":"
                + server.address().getPort());
    }

    /** What the other parts of this process show it; good while it runs. Null if it asks for no token. */
    public @Nullable Secret ownToken() {
        return ownToken;
    }

    @Override
    public void close() {
        server.close();
    }

    private static ProjectLimits.Table projectLimits(QueryConfig query) {
        Map<String, ProjectLimits> byProject = new HashMap<>();
        query.projects().forEach((project, limits) -> byProject.put(project, projectLimits(limits)));
        return new ProjectLimits.Table(projectLimits(query.limits()), byProject);
    }

    private static ProjectLimits projectLimits(QueryConfig.Limits limits) {
        QueryConfig.Share share = limits.share();
        return new ProjectLimits(
                limits.timeout(),
                share.maxConcurrentQueries() == 0
                        ? ProjectLimits.DEFAULT_CONCURRENT_QUERIES
                        : share.maxConcurrentQueries(),
                limits.maxSamples(),
                limits.maxSeries(),
                limits.maxPoints(),
                share.maxSamplesPerSecond(),
                share.maxActiveSeries());
    }

    private static PushLimits pushLimits(QueryConfig.Pushes pushes) {
        return new PushLimits(
                pushes.maxConcurrent(),
                pushes.maxWaiting(),
                pushes.maxSizeInFlightBytes(),
                pushes.maxPageSizeBytes(),
                pushes.maxUnpackedSizeBytes(),
                pushes.maxSamples(),
                pushes.maxRequestsSizeBytes(),
                pushes.maxRequests());
    }

    private static WebOptions web(QueryConfig.Web web, FurtherMetrics furtherMetrics) {
        HostPort metrics = web.metricsAddress();
        String corsOrigin = web.corsOrigin();
        QueryConfig.Tls tls = web.tls();
        return new WebOptions(
                ConnectionLimits.DEFAULT,
                corsOrigin == null ? CrossOrigin.OFF : CrossOrigin.of(corsOrigin),
                tls == null ? null : new ServerTls(new PemFiles(tls), tls.clientCaFile() != null, tls.isTls13Only()),
                new WebOptions.Metrics(
                        web.enableMetricsApi(),
                        metrics == null ? null : InetSocketAddress.createUnresolved(metrics.host(), metrics.port()),
                        furtherMetrics));
    }

    /** The server's identity in PEM files, and the authorities of its clients. */
    private record PemFiles(TlsConfig files) implements ServerTls.Source {
        PemFiles(QueryConfig.Tls tls) {
            this(new TlsConfig(null, tls.clientCaFile(), tls.certFile(), tls.keyFile(), null, false));
        }

        @Override
        public String version() throws IOException {
            return TlsContext.stateOfFiles(files);
        }

        @Override
        public SSLContext load() throws IOException {
            return TlsContext.of(files);
        }
    }
}
