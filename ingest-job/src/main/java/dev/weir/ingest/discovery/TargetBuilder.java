package dev.weir.ingest.discovery;

import dev.weir.configuration.DurationSyntax;
import dev.weir.configuration.ScrapeConfig;
import dev.weir.configuration.relabel.RelabelRule;
import dev.weir.series.Labels;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Turns the labels of one discovered address into a target, with the meta labels and defaults of Prometheus 3.5. */
final class TargetBuilder {
    /** A target whose labels and URL hold more than this is refused, so that its events stay below Kafka's limit. */
    static final int MAX_TARGET_CHARS = 64 << 10;

    static final String ADDRESS = "__address__";
    private static final String SCHEME = "__scheme__";
    private static final String METRICS_PATH = "__metrics_path__";
    private static final String SCRAPE_INTERVAL = "__scrape_interval__";
    private static final String SCRAPE_TIMEOUT = "__scrape_timeout__";
    private static final String PARAM_PREFIX = "__param_";
    private static final String RESERVED_PREFIX = "__";
    private static final String PROJECT = "project_id";

    private final ScrapeConfig config;
    private final String defaultProject;

    TargetBuilder(ScrapeConfig config, String defaultProject) {
        this.config = config;
        this.defaultProject = defaultProject;
    }

    /** The target that {@code discovered} describes, or null if relabelling drops it. */
    @Nullable
    Target build(Labels discovered) throws InvalidTargetException {
        Labels labels = RelabelRule.apply(config.relabelConfigs(), withDefaults(discovered));
        if (labels == null) {
            return null;
        }
        String address = labels.getOrEmpty(ADDRESS);
        if (address.isEmpty() || address.contains("/") || address.contains("@")) {
            throw new InvalidTargetException("job " + config.jobName() + ": __address__ \"" + address
                    + "\" (expected: host:port) of the target discovered as " + discovered);
        }
        Duration interval = duration(labels, SCRAPE_INTERVAL);
        Duration timeout = duration(labels, SCRAPE_TIMEOUT);
        if (timeout.compareTo(interval) > 0) {
            throw new InvalidTargetException("job " + config.jobName() + ", target " + address + ": scrape timeout "
                    + DurationSyntax.format(timeout) + " (expected: at most the interval, "
                    + DurationSyntax.format(interval) + ")");
        }
        Labels.Builder visible = labels.filter(name -> !name.startsWith(RESERVED_PREFIX)).toBuilder();
        if (visible.get("instance") == null) {
            visible.set("instance", address);
        }
        String project = labels.getOrEmpty(PROJECT);
        Target target = new Target(
                project.isEmpty() ? defaultProject : project,
                config.jobName(),
                url(labels, address),
                visible.build(),
                interval.toMillis(),
                timeout.toMillis());
        int chars = target.url().length() + target.labels().toString().length();
        if (chars > MAX_TARGET_CHARS) {
            throw new InvalidTargetException("job " + config.jobName() + ", target " + address + ": " + chars
                    + " characters of labels and URL (expected: at most " + MAX_TARGET_CHARS + ")");
        }
        return target;
    }

    private Labels withDefaults(Labels discovered) {
        Labels.Builder labels = discovered.toBuilder();
        setIfAbsent(labels, "job", config.jobName());
        setIfAbsent(labels, SCRAPE_INTERVAL, DurationSyntax.format(config.scrapeInterval()));
        setIfAbsent(labels, SCRAPE_TIMEOUT, DurationSyntax.format(config.scrapeTimeout()));
        setIfAbsent(labels, METRICS_PATH, config.metricsPath());
        setIfAbsent(labels, SCHEME, config.scheme());
        config.params().forEach((name, values) -> {
            if (!values.isEmpty()) {
                setIfAbsent(labels, PARAM_PREFIX + name, values.get(0));
            }
        });
        return labels.build();
    }

    private static void setIfAbsent(Labels.Builder labels, String name, String value) {
        if (labels.get(name) == null) {
            labels.set(name, value);
        }
    }

    private Duration duration(Labels labels, String name) throws InvalidTargetException {
        String text = labels.getOrEmpty(name);
        try {
            Duration duration = DurationSyntax.parse(text);
            if (!duration.isZero()) {
                return duration;
            }
        } catch (IllegalArgumentException e) {
            throw new InvalidTargetException("job " + config.jobName() + ": " + name + ": " + e.getMessage());
        }
        throw new InvalidTargetException("job " + config.jobName() + ": " + name + ": " + text + " (expected: > 0s)");
    }

    private String url(Labels labels, String address) throws InvalidTargetException {
        String scheme = labels.getOrEmpty(SCHEME);
        String path = labels.getOrEmpty(METRICS_PATH);
        if (!path.startsWith("/")) {
            path = "/" + path;
        }
        String query = query(labels);
        try {
            // The constructor of parts quotes what a path must not hold.
            URI uri = new URI(scheme, address, path, null, null);
            String url = uri.toASCIIString() + (query.isEmpty() ? "" : "?" + query);
            if ((scheme.equals("http") || scheme.equals("https")) && new URI(url).getHost() != null) {
                return url;
            }
        } catch (URISyntaxException e) {
            throw new InvalidTargetException("job " + config.jobName() + ": target " + address + ": " + e.getMessage());
        }
        throw new InvalidTargetException("job " + config.jobName() + ": target \"" + scheme + "://" + address
                + "\" (expected: http or https, and a host name or address with a port)");
    }

    /** Parameters in the order of their names, as Prometheus sends them. */
    private String query(Labels labels) {
        Map<String, List<String>> params = new TreeMap<>(config.params());
        labels.forEach((name, value) -> {
            if (name.startsWith(PARAM_PREFIX)) {
                String param = name.substring(PARAM_PREFIX.length());
                List<String> values = new ArrayList<>(params.getOrDefault(param, List.of()));
                if (values.isEmpty()) {
                    values.add(value);
                } else {
                    values.set(0, value);
                }
                params.put(param, values);
            }
        });
        StringBuilder query = new StringBuilder();
        params.forEach((name, values) -> values.forEach(value -> query.append(query.isEmpty() ? "" : "&")
                .append(URLEncoder.encode(name, StandardCharsets.UTF_8))
                .append('=')
                .append(URLEncoder.encode(value, StandardCharsets.UTF_8))));
        return query.toString();
    }
}
