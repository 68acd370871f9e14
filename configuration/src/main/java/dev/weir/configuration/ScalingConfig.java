package dev.weir.configuration;

import java.io.Serializable;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rules by which the workers of served models follow what is observed.
 *
 * @param url base of the PromQL API that rules are evaluated against; null for the query server of this configuration
 * @param http how that is asked
 * @param dryRun whether decisions are only told
 * @param freshness PromQL; the time, in seconds since the epoch, up to which everything was heard
 * @param maxAge how long ago that may be; beyond it nothing is known
 * @param metricsAddress where {@code ./weir scale} tells its metrics; null for nowhere
 */
public record ScalingConfig(
        @Nullable URI url,
        HttpClientConfig http,
        Duration interval,
        boolean dryRun,
        String freshness,
        Duration maxAge,
        @Nullable HostPort metricsAddress,
        List<Rule> rules)
        implements Serializable {
    public static final Duration DEFAULT_INTERVAL = Duration.ofSeconds(15);
    public static final Duration DEFAULT_MAX_AGE = Duration.ofSeconds(60);
    /** The end of the newest complete window, of the project that lags most. */
    public static final String DEFAULT_FRESHNESS = "min(weir_frontier_timestamp_seconds)";

    public static final ScalingConfig NONE = new ScalingConfig(
            null,
            HttpClientConfig.DEFAULT,
            DEFAULT_INTERVAL,
            true,
            DEFAULT_FRESHNESS,
            DEFAULT_MAX_AGE,
            null,
            List.of());

    public ScalingConfig {
        rules = List.copyOf(rules);
    }

    /** This, with a bearer token for the PromQL API, unless it has credentials of its own. */
    public ScalingConfig withToken(Secret token) {
        if (http.authorization() != null || http.basicAuth() != null) {
            return this;
        }
        AuthorizationConfig bearer = new AuthorizationConfig(AuthorizationConfig.DEFAULT_TYPE, token);
        return new ScalingConfig(
                url,
                new HttpClientConfig(bearer, null, http.tls(), false),
                interval,
                dryRun,
                freshness,
                maxAge,
                metricsAddress,
                rules);
    }

    /** What a rule's target is compared with. */
    public enum Measure {
        /** The value is of one worker, such as a queue time: workers * value / target. */
        VALUE,
        /** The value is of all workers together, such as a request rate: value / target. */
        AVERAGE_VALUE
    }

    /**
     * @param expr PromQL; one number
     * @param guard PromQL; what it gives is a number other than 0 while {@code expr} can be trusted
     * @param target what each worker should have; greater than 0
     */
    public record Rule(
            String name, String expr, String guard, Measure measure, double target, Bounds bounds, Model model)
            implements Serializable {}

    /**
     * @param min fewest workers
     * @param max most workers
     * @param tolerance by which part the value may differ from the target without consequence
     * @param stabilization workers are taken away only if this long no evaluation wanted more
     * @param cooldown the least time between two changes
     */
    public record Bounds(int min, int max, double tolerance, Duration stabilization, Duration cooldown)
            implements Serializable {
        public static final double DEFAULT_TOLERANCE = 0.1;
        public static final Duration DEFAULT_STABILIZATION = Duration.ofMinutes(5);
        public static final Duration DEFAULT_COOLDOWN = Duration.ofMinutes(1);
    }

    /**
     * The model whose workers are set.
     *
     * @param version null for the default one
     * @param managementUrl base of TorchServe's management API
     * @param key its management key, or the {@code key_file.json} that TorchServe writes; null if it asks for none
     */
    public record Model(
            String name,
            @Nullable String version,
            URI managementUrl,
            @Nullable Secret key) implements Serializable {}
}
