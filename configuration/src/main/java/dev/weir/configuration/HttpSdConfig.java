package dev.weir.configuration;

import java.io.Serializable;
import java.time.Duration;

/**
 * A URL whose answer lists targets, as a JSON target file does.
 *
 * @param url http or https
 * @param refreshInterval how often it is asked
 */
public record HttpSdConfig(String url, Duration refreshInterval, HttpClientConfig http) implements Serializable {
    public static final Duration DEFAULT_REFRESH_INTERVAL = Duration.ofMinutes(1);
}
