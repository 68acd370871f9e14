package dev.weir.configuration;

import dev.weir.configuration.relabel.RelabelRule;
import java.io.Serializable;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * One receiver of all series.
 *
 * @param name unique; tells the receiver's delivery job and metrics apart
 * @param headers sent with each request beside the protocol's own
 * @param withoutEffect keys of Prometheus that were given and change nothing here, for a word about them at the start
 */
public record RemoteWriteConfig(
        String name,
        URI url,
        Map<String, Secret> headers,
        HttpClientConfig http,
        Duration remoteTimeout,
        Content content,
        Queue queue,
        BackFill backFill,
        List<String> withoutEffect)
        implements Serializable {
    public static final Duration DEFAULT_REMOTE_TIMEOUT = Duration.ofSeconds(30);

    public RemoteWriteConfig {
        headers = Map.copyOf(headers);
        withoutEffect = List.copyOf(withoutEffect);
    }

    /** A receiver with the defaults of everything else, as a configuration that says no more would give it. */
    public static RemoteWriteConfig of(String name, URI url) {
        return new RemoteWriteConfig(
                name,
                url,
                Map.of(),
                HttpClientConfig.DEFAULT,
                DEFAULT_REMOTE_TIMEOUT,
                Content.DEFAULT,
                Queue.DEFAULT,
                BackFill.DEFAULT,
                List.of());
    }

    /** This, with a bearer token that never follows a redirect. */
    public RemoteWriteConfig withToken(Secret token) {
        AuthorizationConfig bearer = new AuthorizationConfig(AuthorizationConfig.DEFAULT_TYPE, token);
        HttpClientConfig withBearer = new HttpClientConfig(bearer, null, http.tls(), false);
        return new RemoteWriteConfig(
                name, url, headers, withBearer, remoteTimeout, content, queue, backFill, withoutEffect);
    }

    /** This, with another beginning. */
    public RemoteWriteConfig withBackFill(BackFill other) {
        return new RemoteWriteConfig(name, url, headers, http, remoteTimeout, content, queue, other, withoutEffect);
    }

    /**
     * What of a record is sent.
     *
     * @param relabelRules {@code write_relabel_configs}, applied after the external labels
     * @param metadata whether families' types, helps and units go along
     * @param nativeHistograms whether they do
     */
    public record Content(List<RelabelRule> relabelRules, boolean metadata, boolean nativeHistograms)
            implements Serializable {
        public static final Content DEFAULT = new Content(List.of(), true, true);

        public Content {
            relabelRules = List.copyOf(relabelRules);
        }
    }

    /**
     * {@code queue_config}, with Prometheus' defaults but for the deadline: a window's results come at once, so that waiting
     * buys nothing.
     *
     * @param maxSamplesPerSend in one request; only a single histogram may hold more
     * @param batchSendDeadline how long a record waits for company
     * @param sampleAgeLimit samples that are older when their turn comes are not sent; zero: no limit
     */
    public record Queue(
            int maxSamplesPerSend,
            Duration batchSendDeadline,
            Duration minBackoff,
            Duration maxBackoff,
            Duration sampleAgeLimit)
            implements Serializable {
        public static final Queue DEFAULT =
                new Queue(2000, Duration.ofMillis(100), Duration.ofMillis(30), Duration.ofSeconds(5), Duration.ZERO);
    }

    /**
     * How a new receiver begins.
     *
     * @param fromBeginning with all that the topic holds, else with what comes after the job's first start
     * @param samplesPerSecond at most so many, of each task, while it is more than a minute behind; 0: no limit
     */
    public record BackFill(boolean fromBeginning, int samplesPerSecond) implements Serializable {
        public static final BackFill DEFAULT = new BackFill(true, 100_000);
    }
}
