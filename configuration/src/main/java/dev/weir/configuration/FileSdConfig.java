package dev.weir.configuration;

import java.io.Serializable;
import java.time.Duration;
import java.util.List;

/**
 * Files that list targets.
 *
 * @param files absolute paths ending in .json, .yml or .yaml; the last segment may hold {@code *} and {@code ?}
 * @param refreshInterval how often they are looked at
 */
public record FileSdConfig(List<String> files, Duration refreshInterval) implements Serializable {
    public static final Duration DEFAULT_REFRESH_INTERVAL = Duration.ofSeconds(5);

    public FileSdConfig {
        files = List.copyOf(files);
    }
}
