package dev.weir.configuration;

import dev.weir.series.Labels;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.yaml.snakeyaml.nodes.Node;

/** Reads a whole document; each section's keys, defaults and checks are one method. */
final class WeirConfigReader {
    private static final YamlKeys TOP = YamlKeys.of(
                    "project",
                    "data_dir",
                    "global",
                    "scrape_configs",
                    "kafka",
                    "flink",
                    "aggregation",
                    "remote_write",
                    "query",
                    "scaling")
            .refusing(
                    "rule_files",
                    "alerting",
                    "remote_read",
                    "scrape_config_files",
                    "storage",
                    "tracing",
                    "otlp",
                    "runtime");
    private static final YamlKeys KAFKA = YamlKeys.of("bootstrap_servers", "security", "topics");
    private static final YamlKeys TOPICS = YamlKeys.of("scrapes", "requests", "series", "dead_letters", "partitions");
    private static final YamlKeys FLINK =
            YamlKeys.of("address", "parallelism", "state_backend", "checkpoints", "options");
    private static final YamlKeys AGGREGATION = YamlKeys.of("window", "replica_labels", "profiles", "views", "limits");
    private static final YamlKeys AGGREGATION_LIMITS = YamlKeys.of("series_per_project");
    private static final YamlKeys VIEW = YamlKeys.of("view", "vantage", "source");
    private static final Map<String, String> VANTAGES = Map.of("engine", "engine", "gateway", "gateway");
    /** Request events give native histograms, and the systems that views speak for ask for buckets. */
    private static final Map<String, String> SOURCES = Map.of("scrapes", "scrapes");

    private static final Duration LEAST_WINDOW = Duration.ofSeconds(1);
    private static final Duration MOST_WINDOW = Duration.ofMinutes(1);
    private static final int MAX_PARTITIONS = 1024;

    private final YamlSource source;

    WeirConfigReader(YamlSource source) {
        this.source = source;
    }

    WeirConfig read(String yaml) {
        Node root = source.compose(yaml);
        if (root == null) {
            return read("{}");
        }
        YamlMap top = new YamlValue(source, root, "").asMap(TOP);
        GlobalConfig global = top.get("global", GlobalConfig::read, GlobalConfig.DEFAULT);
        return new WeirConfig(
                top.get("project", YamlValue::asNonEmptyString, WeirConfig.DEFAULT_PROJECT),
                top.get("data_dir", YamlValue::asPath, source.resolve(WeirConfig.DEFAULT_DATA_DIR)),
                top.get("scrape_configs", value -> scrapeConfigs(value, global), List.of()),
                top.get("kafka", WeirConfigReader::kafka, new KafkaConfig(null, Map.of(), KafkaConfig.Topics.DEFAULT)),
                top.get("flink", WeirConfigReader::flink, FlinkConfig.DEFAULT),
                top.get("aggregation", WeirConfigReader::aggregation, AggregationConfig.DEFAULT),
                top.get("remote_write", RemoteWriteReader::all, List.of()),
                top.get("query", QueryConfigReader::read, QueryConfig.DEFAULT),
                top.get("scaling", ScalingReader::read, ScalingConfig.NONE),
                global.externalLabels());
    }

    private static List<ScrapeConfig> scrapeConfigs(YamlValue value, GlobalConfig global) {
        Set<String> names = new HashSet<>();
        return value.asListOf(element -> {
            ScrapeConfig config = new ScrapeConfigReader(global).read(element);
            if (!names.add(config.jobName())) {
                throw element.error(
                        element.path() + ": job_name \"" + config.jobName() + "\" (expected: one no other job has)");
            }
            return config;
        });
    }

    private static KafkaConfig kafka(YamlValue value) {
        YamlMap map = value.asMap(KAFKA);
        return new KafkaConfig(
                map.getOrNull("bootstrap_servers", YamlValue::asNonEmptyString),
                map.get("security", security -> security.asMapOf(YamlValue::asSecret), Map.of()),
                map.get("topics", WeirConfigReader::topics, KafkaConfig.Topics.DEFAULT));
    }

    private static KafkaConfig.Topics topics(YamlValue value) {
        YamlMap map = value.asMap(TOPICS);
        KafkaConfig.Topics defaults = KafkaConfig.Topics.DEFAULT;
        KafkaConfig.Topics topics = new KafkaConfig.Topics(
                map.get("scrapes", WeirConfigReader::topic, defaults.scrapes()),
                map.get("requests", WeirConfigReader::topic, defaults.requests()),
                map.get("series", WeirConfigReader::topic, defaults.series()),
                map.get("dead_letters", WeirConfigReader::topic, defaults.deadLetters()),
                map.get("partitions", partitions -> partitions.asInt(1, MAX_PARTITIONS), defaults.partitions()));
        List<String> names = List.of(topics.scrapes(), topics.requests(), topics.series(), topics.deadLetters());
        if (Set.copyOf(names).size() < names.size()) {
            throw value.error(value.path() + ": " + names + " (expected: four different topics)");
        }
        return topics;
    }

    private static String topic(YamlValue value) {
        String name = value.asString();
        if (!name.matches("[a-zA-Z0-9._-]{1,249}") || name.equals(".") || name.equals("..")) {
            throw value.error(value.path() + ": \"" + name
                    + "\" (expected: a Kafka topic name, 1 to 249 letters, digits, dots, underscores or dashes)");
        }
        return name;
    }

    private static FlinkConfig flink(YamlValue value) {
        YamlMap map = value.asMap(FLINK);
        FlinkConfig flink = new FlinkConfig(
                map.getOrNull("address", WeirConfigReader::hostPort),
                map.get("parallelism", p -> p.asInt(1, FlinkConfig.MAX_PARALLELISM), FlinkConfig.DEFAULT.parallelism()),
                map.get("state_backend", word -> word.asOneOf(StateBackend.WORDS), FlinkConfig.DEFAULT.stateBackend()),
                map.getOrNull("checkpoints", WeirConfigReader::directoryUri),
                map.get("options", YamlValue::asStringMap, Map.of()));
        for (String key : List.of("checkpoints", "options")) {
            if (map.has(key) && !map.has("address")) {
                throw map.error(key, "flink." + key + ": given (expected: only with flink.address)");
            }
        }
        if (map.has("address") && !map.has("checkpoints")) {
            throw map.error("address", "flink.address: given (expected: only with flink.checkpoints)");
        }
        return flink;
    }

    private static String directoryUri(YamlValue value) {
        String uri = value.asString();
        if (!uri.matches("[a-z][a-z0-9+.-]*:/.*")) {
            throw value.error(value.path() + ": \"" + uri
                    + "\" (expected: the URI of a directory, such as s3://bucket/weir or file:///shared/weir)");
        }
        return uri;
    }

    private static AggregationConfig aggregation(YamlValue value) {
        YamlMap map = value.asMap(AGGREGATION);
        Duration window = map.get("window", YamlValue::asPositiveDuration, AggregationConfig.DEFAULT_WINDOW);
        if (window.compareTo(LEAST_WINDOW) < 0 || window.compareTo(MOST_WINDOW) > 0) {
            throw map.error("window", "aggregation.window: " + DurationSyntax.format(window) + " (expected: 1s to 1m)");
        }
        return new AggregationConfig(
                window,
                map.get(
                        "replica_labels",
                        labels -> labels.asListOf(YamlValue::asNonEmptyString),
                        AggregationConfig.DEFAULT_REPLICA_LABELS),
                map.get("profiles", profiles -> profiles.asListOf(YamlValue::asPath), List.of()),
                map.get("views", views -> views.asListOf(WeirConfigReader::view), List.of()),
                map.get("limits", WeirConfigReader::seriesPerProject, AggregationConfig.DEFAULT_SERIES_PER_PROJECT));
    }

    private static int seriesPerProject(YamlValue value) {
        return value.asMap(AGGREGATION_LIMITS)
                .get(
                        "series_per_project",
                        most -> most.asInt(0, Integer.MAX_VALUE),
                        AggregationConfig.DEFAULT_SERIES_PER_PROJECT);
    }

    /** Its name or file alone, or a mapping. */
    private static ViewConfig view(YamlValue value) {
        if (!value.isMapping()) {
            return ViewConfig.named(viewName(value));
        }
        YamlMap map = value.asMap(VIEW);
        return new ViewConfig(
                map.require("view", WeirConfigReader::viewName),
                map.getOrNull("vantage", word -> word.asOneOf(VANTAGES)),
                map.getOrNull("source", word -> word.asOneOf(SOURCES)));
    }

    private static String viewName(YamlValue value) {
        String name = value.asNonEmptyString();
        return ViewConfig.named(name).isFile() ? value.asPath() : name;
    }

    static HostPort hostPort(YamlValue value) {
        try {
            return HostPort.parse(value.asString());
        } catch (IllegalArgumentException e) {
            throw value.error(value.path() + ": " + e.getMessage());
        }
    }

    /** {@code global}: defaults of every job; no protocols if it has none. */
    record GlobalConfig(
            Duration scrapeInterval,
            Duration scrapeTimeout,
            Labels externalLabels,
            ScrapeLimits limits,
            List<ScrapeProtocol> scrapeProtocols,
            boolean scrapeNativeHistograms) {
        static final GlobalConfig DEFAULT = new GlobalConfig(
                ScrapeConfig.DEFAULT_SCRAPE_INTERVAL,
                ScrapeConfig.DEFAULT_SCRAPE_TIMEOUT,
                Labels.EMPTY,
                ScrapeLimits.NONE,
                List.of(),
                false);
        private static final YamlKeys KEYS = YamlKeys.of(
                        "scrape_interval",
                        "scrape_timeout",
                        "external_labels",
                        "body_size_limit",
                        "sample_limit",
                        "label_limit",
                        "label_name_length_limit",
                        "label_value_length_limit",
                        "scrape_protocols",
                        "scrape_native_histograms")
                .ignoring(
                        "evaluation_interval",
                        "rule_query_offset",
                        "query_log_file",
                        "scrape_failure_log_file",
                        "scrape_classic_histograms",
                        "always_scrape_classic_histograms",
                        "keep_dropped_targets")
                .refusing("target_limit", "metric_name_validation_scheme", "metric_name_escaping_scheme");

        static GlobalConfig read(YamlValue value) {
            YamlMap map = value.asMap(KEYS);
            Duration interval =
                    map.get("scrape_interval", YamlValue::asPositiveDuration, ScrapeConfig.DEFAULT_SCRAPE_INTERVAL);
            Duration timeout =
                    map.get("scrape_timeout", YamlValue::asPositiveDuration, ScrapeConfig.DEFAULT_SCRAPE_TIMEOUT);
            if (timeout.compareTo(interval) > 0) {
                if (map.has("scrape_timeout")) {
                    throw map.error("scrape_timeout", ScrapeConfigReader.timeoutProblem("global", timeout, interval));
                }
                timeout = interval;
            }
            return new GlobalConfig(
                    interval,
                    timeout,
                    map.get("external_labels", ScrapeConfigReader::labels, Labels.EMPTY),
                    ScrapeConfigReader.limits(map, ScrapeLimits.NONE),
                    map.get("scrape_protocols", ScrapeConfigReader::protocols, List.of()),
                    map.get("scrape_native_histograms", YamlValue::asBoolean, false));
        }
    }
}
