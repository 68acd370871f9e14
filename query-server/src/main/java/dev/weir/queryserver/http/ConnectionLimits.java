package dev.weir.queryserver.http;

import java.time.Duration;

/**
 * How long a client may take, and how many there may be.
 *
 * @param maxHeaderTime from a request's first byte to the end of its headers
 * @param maxBodyTime from there to the end of its body
 * @param maxSendTime from an answer's first byte until the client has taken all of it
 * @param maxIdleTime without a byte in either direction
 * @param maxConnections connections at a time; more wait until one ends
 */
public record ConnectionLimits(
        Duration maxHeaderTime, Duration maxBodyTime, Duration maxSendTime, Duration maxIdleTime, int maxConnections) {
    public static final ConnectionLimits DEFAULT = new ConnectionLimits(
            Duration.ofSeconds(20), Duration.ofMinutes(1), Duration.ofMinutes(5), Duration.ofMinutes(1), 20_000);
}
