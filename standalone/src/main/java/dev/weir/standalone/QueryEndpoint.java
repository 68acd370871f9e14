package dev.weir.standalone;

import dev.weir.configuration.QueryConfig;
import dev.weir.configuration.Secret;
import dev.weir.configuration.WeirConfig;
import dev.weir.queryserver.QueryServer;
import dev.weir.queryserver.QueryServerOptions;
import dev.weir.queryserver.api.QueryLimits;
import dev.weir.queryserver.remotewrite.WriteLimits;
import dev.weir.queryserver.token.Secrets;
import dev.weir.queryserver.token.TokenOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/** The query server as the configuration wants it. */
public final class QueryEndpoint implements AutoCloseable {
    private final QueryServer server;
    private final @Nullable Secret ownToken;

    private QueryEndpoint(QueryServer server, @Nullable Secret ownToken) {
        this.server = server;
        this.ownToken = ownToken;
    }

    /**
     * Starts the server on the store in {@code dataDir}.
     *
     * @throws StartupException if it cannot listen or read the store
     */
    public static QueryEndpoint start(WeirConfig config, DataDir dataDir) {
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
                .withWriteLimits(WriteLimits.DEFAULT.withRequestBytes(
                        Math.toIntExact(limits.maxBodySizeBytes()),
                        Math.toIntExact(limits.maxDecompressedSizeBytes())));
        Secret ownToken = null;
        if (query.auth() == QueryConfig.Auth.TOKENS) {
            String secret = Secrets.newSecret();
            ownToken = Secret.of(secret);
            options = options.withTokens(new TokenOptions(dataDir.tokens(), secret));
        }
        try {
            return new QueryEndpoint(QueryServer.start(options), ownToken);
        } catch (IOException e) {
            throw new StartupException("query server: " + e.getMessage(), e);
        }
    }

    /** Where this process reaches it. */
    public URI url() {
        InetSocketAddress address = server.address();
        InetAddress ip = address.getAddress();
        String host = ip == null || ip.isAnyLocalAddress() ? "127.0.0.1" : address.getHostString();
        return URI.create("http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + address.getPort());
    }

    /** What the other parts of this process show it; good while it runs. Null if it asks for no token. */
    public @Nullable Secret ownToken() {
        return ownToken;
    }

    @Override
    public void close() {
        server.close();
    }
}
