package dev.weir.queryserver;

import dev.weir.queryserver.api.QueryLimits;
import dev.weir.queryserver.intake.Intake;
import dev.weir.queryserver.limit.ProjectLimits;
import dev.weir.queryserver.remotewrite.WriteLimits;
import dev.weir.queryserver.store.StoreOptions;
import dev.weir.queryserver.token.TokenOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * What a server is started with.
 *
 * @param host address to listen on
 * @param port port to listen on; 0 takes any free one
 * @param hold how far beyond the newest complete window a query is still answered at that window; 0 switches this off
 * @param delayedNameRemoval whether metric names are dropped at the end of a query only, as Prometheus does with the
 *     feature flag of this name
 * @param store where and how much is kept
 * @param tokens null lets everybody do everything
 * @param intake where pushed events go; null refuses them
 * @param clock what time it is
 */
public record QueryServerOptions(
        String host,
        int port,
        Duration hold,
        boolean delayedNameRemoval,
        StoreOptions store,
        WriteLimits writeLimits,
        QueryLimits queryLimits,
        ProjectLimits.Table projectLimits,
        @Nullable TokenOptions tokens,
        @Nullable Intake intake,
        WebOptions web,
        InstantSource clock) {
    public static final int DEFAULT_PORT = 9095;
    public static final Duration DEFAULT_RETENTION = Duration.ofDays(30);
    public static final Duration DEFAULT_HOLD = Duration.ofSeconds(60);

    private static final String LOOPBACK = "127.0.0.1";
    private static final int MAX_PORT = 65535;

    public QueryServerOptions {
        if (port < 0 || port > MAX_PORT) {
            throw new IllegalArgumentException("port: " + port + " (expected: 0 to " + MAX_PORT + ")");
        }
        if (hold.isNegative()) {
            throw new IllegalArgumentException("hold: " + hold + " (expected: >= 0s)");
        }
    }

    /** A server on loopback with its data in {@code dataDirectory}, and the default limits. */
    public static QueryServerOptions of(Path dataDirectory) {
        return new QueryServerOptions(
                LOOPBACK,
                DEFAULT_PORT,
                DEFAULT_HOLD,
                false,
                StoreOptions.of(dataDirectory, DEFAULT_RETENTION),
                WriteLimits.DEFAULT,
                QueryLimits.DEFAULT,
                ProjectLimits.Table.DEFAULT,
                null,
                null,
                WebOptions.DEFAULT,
                InstantSource.system());
    }

    public QueryServerOptions withListen(String newHost, int newPort) {
        return new QueryServerOptions(
                newHost,
                newPort,
                hold,
                delayedNameRemoval,
                store,
                writeLimits,
                queryLimits,
                projectLimits,
                tokens,
                intake,
                web,
                clock);
    }

    public QueryServerOptions withRetention(Duration retention) {
        return withStore(store.withRetention(retention));
    }

    /** @param maxDiskBytes beyond this, the oldest samples go before their time; 0 for no bound */
    public QueryServerOptions withRetention(Duration retention, long maxDiskBytes) {
        return withStore(store.withRetention(retention).withMaxDiskBytes(maxDiskBytes));
    }

    public QueryServerOptions withHold(Duration newHold) {
        return new QueryServerOptions(
                host,
                port,
                newHold,
                delayedNameRemoval,
                store,
                writeLimits,
                queryLimits,
                projectLimits,
                tokens,
                intake,
                web,
                clock);
    }

    public QueryServerOptions withDelayedNameRemoval(boolean isDelayed) {
        return new QueryServerOptions(
                host,
                port,
                hold,
                isDelayed,
                store,
                writeLimits,
                queryLimits,
                projectLimits,
                tokens,
                intake,
                web,
                clock);
    }

    public QueryServerOptions withStore(StoreOptions newStore) {
        return new QueryServerOptions(
                host,
                port,
                hold,
                delayedNameRemoval,
                newStore,
                writeLimits,
                queryLimits,
                projectLimits,
                tokens,
                intake,
                web,
                clock);
    }

    public QueryServerOptions withWriteLimits(WriteLimits newLimits) {
        return new QueryServerOptions(
                host,
                port,
                hold,
                delayedNameRemoval,
                store,
                newLimits,
                queryLimits,
                projectLimits,
                tokens,
                intake,
                web,
                clock);
    }

    public QueryServerOptions withQueryLimits(QueryLimits newLimits) {
        return new QueryServerOptions(
                host,
                port,
                hold,
                delayedNameRemoval,
                store,
                writeLimits,
                newLimits,
                projectLimits,
                tokens,
                intake,
                web,
                clock);
    }

    public QueryServerOptions withProjectLimits(ProjectLimits.Table newLimits) {
        return new QueryServerOptions(
                host,
                port,
                hold,
                delayedNameRemoval,
                store,
                writeLimits,
                queryLimits,
                newLimits,
                tokens,
                intake,
                web,
                clock);
    }

    public QueryServerOptions withTokens(TokenOptions newTokens) {
        return new QueryServerOptions(
                host,
                port,
                hold,
                delayedNameRemoval,
                store,
                writeLimits,
                queryLimits,
                projectLimits,
                newTokens,
                intake,
                web,
                clock);
    }

    /** @param newIntake where pushed events go */
    public QueryServerOptions withIntake(Intake newIntake) {
        return new QueryServerOptions(
                host,
                port,
                hold,
                delayedNameRemoval,
                store,
                writeLimits,
                queryLimits,
                projectLimits,
                tokens,
                newIntake,
                web,
                clock);
    }

    public QueryServerOptions withWeb(WebOptions newWeb) {
        return new QueryServerOptions(
                host,
                port,
                hold,
                delayedNameRemoval,
                store,
                writeLimits,
                queryLimits,
                projectLimits,
                tokens,
                intake,
                newWeb,
                clock);
    }

    public QueryServerOptions withClock(InstantSource newClock) {
        return new QueryServerOptions(
                host,
                port,
                hold,
                delayedNameRemoval,
                store,
                writeLimits,
                queryLimits,
                projectLimits,
                tokens,
                intake,
                web,
                newClock);
    }
}
