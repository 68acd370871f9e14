package dev.weir.configuration;

import java.io.Serializable;
import java.net.URI;
import java.time.Duration;
import java.util.Map;

/**
 * One receiver of all series.
 *
 * @param name unique; tells the receiver's delivery job and metrics apart
 * @param headers sent with each request beside the protocol's own
 */
public record RemoteWriteConfig(
        String name, URI url, Map<String, Secret> headers, HttpClientConfig http, Duration remoteTimeout)
        implements Serializable {
    public static final Duration DEFAULT_REMOTE_TIMEOUT = Duration.ofSeconds(30);

    public RemoteWriteConfig {
        headers = Map.copyOf(headers);
    }
}
