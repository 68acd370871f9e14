package dev.weir.queryserver;

import dev.weir.queryserver.http.ConnectionLimits;
import dev.weir.queryserver.http.CrossOrigin;
import dev.weir.queryserver.http.ServerTls;
import dev.weir.queryserver.telemetry.FurtherMetrics;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * How a server meets its clients.
 *
 * @param tls null for plain HTTP. With it, the server listens on a port of loopback without it too, for its own process
 * @param metrics where it tells its own metrics
 */
public record WebOptions(
        ConnectionLimits connectionLimits,
        CrossOrigin crossOrigin,
        @Nullable ServerTls tls,
        Metrics metrics) {
    public static final WebOptions DEFAULT =
            new WebOptions(ConnectionLimits.DEFAULT, CrossOrigin.OFF, null, Metrics.DEFAULT);

    /**
     * @param isEnabled whether {@code /metrics} is there at all
     * @param address where it is, alone; null if it is beside the API
     * @param further what is told below the server's own
     */
    public record Metrics(boolean isEnabled, @Nullable InetSocketAddress address, FurtherMetrics further) {
        public static final Metrics DEFAULT = new Metrics(true, null, FurtherMetrics.NONE);
    }

    public WebOptions withConnectionLimits(ConnectionLimits newLimits) {
        return new WebOptions(newLimits, crossOrigin, tls, metrics);
    }

    public WebOptions withCrossOrigin(CrossOrigin newCrossOrigin) {
        return new WebOptions(connectionLimits, newCrossOrigin, tls, metrics);
    }

    public WebOptions withTls(ServerTls newTls) {
        return new WebOptions(connectionLimits, crossOrigin, newTls, metrics);
    }

    public WebOptions withMetrics(Metrics newMetrics) {
        return new WebOptions(connectionLimits, crossOrigin, tls, newMetrics);
    }
}
