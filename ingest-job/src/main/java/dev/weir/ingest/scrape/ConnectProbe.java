package dev.weir.ingest.scrape;

import dev.weir.schemas.ScrapeOutcome;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;

/**
 * Asks the system why no connection came about. Java 17's HTTP client tries a failed connect again on the channel that the
 * failure closed, and then reports the closed channel; but a refusal proves that no process was there, so it must be known.
 */
final class ConnectProbe {
    /** Longer than a refusal on any network takes; a target that lets one wait is not refusing. */
    private static final int TIMEOUT_MS = 500;

    private ConnectProbe() {}

    /** Blocks for at most {@value #TIMEOUT_MS} ms. */
    static ScrapeFailure why(URI uri) {
        int defaultPort = "https".equals(uri.getScheme()) ? 443 : 80;
        String host = uri.getHost();
        // A URI keeps an IPv6 address in its brackets.
        String name = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(name, uri.getPort() < 0 ? defaultPort : uri.getPort()), TIMEOUT_MS);
            return new ScrapeFailure(ScrapeOutcome.FAILED, "connection failed, and succeeded right after");
        } catch (IOException e) {
            return ScrapeFailure.of(e);
        }
    }
}
