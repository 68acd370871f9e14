package dev.weir.configuration;

import com.google.re2j.Pattern;
import dev.weir.configuration.WeirConfigReader.GlobalConfig;
import dev.weir.configuration.relabel.RelabelAction;
import dev.weir.configuration.relabel.RelabelRule;
import dev.weir.series.Labels;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads one element of {@code scrape_configs}. */
final class ScrapeConfigReader {
    private static final YamlKeys KEYS = YamlKeys.of(
                    "job_name",
                    "scrape_interval",
                    "scrape_timeout",
                    "metrics_path",
                    "scheme",
                    "params",
                    "static_configs",
                    "file_sd_configs",
                    "http_sd_configs",
                    "kubernetes_sd_configs",
                    "relabel_configs",
                    "metric_relabel_configs",
                    "authorization",
                    "basic_auth",
                    "bearer_token",
                    "bearer_token_file",
                    "tls_config",
                    "follow_redirects",
                    "enable_compression",
                    "honor_labels",
                    "honor_timestamps",
                    "body_size_limit",
                    "sample_limit",
                    "label_limit",
                    "label_name_length_limit",
                    "label_value_length_limit",
                    "scrape_protocols",
                    "fallback_scrape_protocol",
                    "scrape_native_histograms")
            // A page that has both kinds of histograms always gives both.
            .ignoring(
                    "scrape_classic_histograms",
                    "always_scrape_classic_histograms",
                    "enable_http2",
                    "keep_dropped_targets",
                    "scrape_failure_log_file")
            .refusing(
                    "azure_sd_configs",
                    "consul_sd_configs",
                    "digitalocean_sd_configs",
                    "dns_sd_configs",
                    "docker_sd_configs",
                    "dockerswarm_sd_configs",
                    "ec2_sd_configs",
                    "eureka_sd_configs",
                    "gce_sd_configs",
                    "hetzner_sd_configs",
                    "ionos_sd_configs",
                    "kuma_sd_configs",
                    "lightsail_sd_configs",
                    "linode_sd_configs",
                    "marathon_sd_configs",
                    "nerve_sd_configs",
                    "nomad_sd_configs",
                    "openstack_sd_configs",
                    "ovhcloud_sd_configs",
                    "puppetdb_sd_configs",
                    "scaleway_sd_configs",
                    "serverset_sd_configs",
                    "stackit_sd_configs",
                    "triton_sd_configs",
                    "uyuni_sd_configs",
                    "vultr_sd_configs",
                    "oauth2",
                    "proxy_url",
                    "no_proxy",
                    "proxy_from_environment",
                    "proxy_connect_header",
                    "http_headers",
                    "target_limit",
                    "track_timestamps_staleness",
                    "convert_classic_histograms_to_nhcb",
                    "native_histogram_bucket_limit",
                    "native_histogram_min_bucket_factor",
                    "metric_name_validation_scheme",
                    "metric_name_escaping_scheme");
    private static final YamlKeys STATIC = YamlKeys.of("targets", "labels");
    private static final YamlKeys FILE_SD = YamlKeys.of("files", "refresh_interval");
    private static final YamlKeys HTTP_SD = YamlKeys.of(
            "url",
            "refresh_interval",
            "authorization",
            "basic_auth",
            "bearer_token",
            "bearer_token_file",
            "tls_config");
    private static final YamlKeys RELABEL =
            YamlKeys.of("source_labels", "separator", "regex", "modulus", "target_label", "replacement", "action");

    private final GlobalConfig global;

    ScrapeConfigReader(GlobalConfig global) {
        this.global = global;
    }

    ScrapeConfig read(YamlValue value) {
        YamlMap map = value.asMap(KEYS);
        Duration interval = map.get("scrape_interval", YamlValue::asPositiveDuration, global.scrapeInterval());
        return new ScrapeConfig(
                map.require("job_name", YamlValue::asNonEmptyString),
                interval,
                timeout(map, value.path(), interval),
                map.get("scheme", ScrapeConfigReader::scheme, "http"),
                map.get("metrics_path", YamlValue::asNonEmptyString, "/metrics"),
                map.get("params", params -> params.asMapOf(YamlValue::asStrings), Map.of()),
                HttpClientConfigReader.read(map),
                map.get("enable_compression", YamlValue::asBoolean, true),
                map.get("static_configs", list -> list.asListOf(ScrapeConfigReader::staticConfig), List.of()),
                map.get("file_sd_configs", list -> list.asListOf(ScrapeConfigReader::fileSdConfig), List.of()),
                map.get("http_sd_configs", list -> list.asListOf(ScrapeConfigReader::httpSdConfig), List.of()),
                map.get("kubernetes_sd_configs", list -> list.asListOf(KubernetesSdConfigReader::read), List.of()),
                map.get("relabel_configs", list -> list.asListOf(ScrapeConfigReader::relabelRule), List.of()),
                map.get("metric_relabel_configs", list -> list.asListOf(ScrapeConfigReader::relabelRule), List.of()),
                map.get("honor_labels", YamlValue::asBoolean, false),
                map.get("honor_timestamps", YamlValue::asBoolean, true),
                limits(map, global.limits()),
                scrapeProtocols(map, global),
                fallback(map));
    }

    private static List<ScrapeProtocol> scrapeProtocols(YamlMap map, GlobalConfig global) {
        List<ScrapeProtocol> stated = map.get("scrape_protocols", ScrapeConfigReader::protocols, List.of());
        if (!stated.isEmpty()) {
            return stated;
        }
        if (!global.scrapeProtocols().isEmpty()) {
            return global.scrapeProtocols();
        }
        boolean natives = map.get("scrape_native_histograms", YamlValue::asBoolean, global.scrapeNativeHistograms());
        return natives ? ScrapeProtocol.NATIVE_HISTOGRAMS : ScrapeProtocol.DEFAULT;
    }

    private static @Nullable ScrapeProtocol fallback(YamlMap map) {
        return map.has("fallback_scrape_protocol")
                ? map.require("fallback_scrape_protocol", ScrapeConfigReader::protocol)
                : null;
    }

    static List<ScrapeProtocol> protocols(YamlValue value) {
        List<ScrapeProtocol> protocols = value.asListOf(ScrapeConfigReader::protocol);
        if (protocols.isEmpty() || Set.copyOf(protocols).size() < protocols.size()) {
            throw value.error(value.path() + ": " + (protocols.isEmpty() ? "none" : "one of them twice")
                    + " (expected: at least one, each once)");
        }
        return protocols;
    }

    private static ScrapeProtocol protocol(YamlValue value) {
        try {
            return ScrapeProtocol.parse(value.asString());
        } catch (IllegalArgumentException e) {
            throw value.error(value.path() + ": " + e.getMessage());
        }
    }

    static ScrapeLimits limits(YamlMap map, ScrapeLimits fallback) {
        return new ScrapeLimits(
                map.get("body_size_limit", YamlValue::asSizeBytes, fallback.bodySizeBytes()),
                map.get("sample_limit", ScrapeConfigReader::limit, fallback.samples()),
                map.get("label_limit", ScrapeConfigReader::limit, fallback.labels()),
                map.get("label_name_length_limit", ScrapeConfigReader::limit, fallback.labelNameLength()),
                map.get("label_value_length_limit", ScrapeConfigReader::limit, fallback.labelValueLength()));
    }

    static Labels labels(YamlValue value) {
        return Labels.of(value.asStringMap());
    }

    static String timeoutProblem(String path, Duration timeout, Duration interval) {
        return path + ".scrape_timeout: " + DurationSyntax.format(timeout)
                + " (expected: at most the scrape_interval of " + DurationSyntax.format(interval) + ")";
    }

    private static int limit(YamlValue value) {
        return value.asInt(0, Integer.MAX_VALUE);
    }

    private Duration timeout(YamlMap map, String path, Duration interval) {
        Duration timeout = map.get("scrape_timeout", YamlValue::asPositiveDuration, global.scrapeTimeout());
        if (timeout.compareTo(interval) <= 0) {
            return timeout;
        }
        if (map.has("scrape_timeout")) {
            throw map.error("scrape_timeout", timeoutProblem(path, timeout, interval));
        }
        return interval;
    }

    private static String scheme(YamlValue value) {
        String scheme = value.asString();
        if (!scheme.equals("http") && !scheme.equals("https")) {
            throw value.error(value.path() + ": \"" + scheme + "\" (expected: http or https)");
        }
        return scheme;
    }

    static StaticConfig staticConfig(YamlValue value) {
        YamlMap map = value.asMap(STATIC);
        return new StaticConfig(
                map.get("targets", list -> list.asListOf(ScrapeConfigReader::address), List.of()),
                map.get("labels", ScrapeConfigReader::labels, Labels.EMPTY));
    }

    private static String address(YamlValue value) {
        String address = value.asNonEmptyString();
        if (address.contains("/")) {
            throw value.error(value.path() + ": \"" + address
                    + "\" (expected: host:port; scheme and metrics_path have keys of their own)");
        }
        return address;
    }

    private static FileSdConfig fileSdConfig(YamlValue value) {
        YamlMap map = value.asMap(FILE_SD);
        List<String> files = map.require("files", list -> list.asListOf(ScrapeConfigReader::targetFile));
        if (files.isEmpty()) {
            throw map.error("files", value.path() + ".files: empty (expected: at least one file)");
        }
        return new FileSdConfig(
                files,
                map.get("refresh_interval", YamlValue::asPositiveDuration, FileSdConfig.DEFAULT_REFRESH_INTERVAL));
    }

    private static HttpSdConfig httpSdConfig(YamlValue value) {
        YamlMap map = value.asMap(HTTP_SD);
        return new HttpSdConfig(
                map.require("url", ScrapeConfigReader::httpUrl),
                map.get("refresh_interval", YamlValue::asPositiveDuration, HttpSdConfig.DEFAULT_REFRESH_INTERVAL),
                HttpClientConfigReader.read(map));
    }

    static String httpUrl(YamlValue value) {
        String text = value.asString();
        try {
            URI url = new URI(text);
            if (url.getHost() != null && ("http".equals(url.getScheme()) || "https".equals(url.getScheme()))) {
                return text;
            }
        } catch (URISyntaxException e) {
            throw value.error(
                    value.path() + ": \"" + text + "\": " + e.getReason() + " (expected: an http or https URL)");
        }
        throw value.error(value.path() + ": \"" + text + "\" (expected: an http or https URL)");
    }

    private static String targetFile(YamlValue value) {
        String text = value.asNonEmptyString();
        if (!text.matches(".*\\.(json|yml|yaml|JSON|YML|YAML)") || text.matches("(?s).*[*?].*/.*")) {
            throw value.error(value.path() + ": \"" + text
                    + "\" (expected: a path ending in .json, .yml or .yaml, with * only in its last segment)");
        }
        return value.asPath();
    }

    static RelabelRule relabelRule(YamlValue value) {
        YamlMap map = value.asMap(RELABEL);
        RelabelAction action = map.get("action", ScrapeConfigReader::action, RelabelAction.REPLACE);
        Pattern regex = map.get("regex", ScrapeConfigReader::regex, RelabelRule.compile(RelabelRule.DEFAULT_REGEX));
        try {
            return new RelabelRule(
                    action,
                    map.get("source_labels", YamlValue::asStrings, List.of()),
                    map.get("separator", YamlValue::asString, RelabelRule.DEFAULT_SEPARATOR),
                    regex,
                    map.get("modulus", modulus -> modulus.asLong(1, Long.MAX_VALUE), 0L),
                    map.get("target_label", YamlValue::asString, ""),
                    map.get("replacement", YamlValue::asString, RelabelRule.DEFAULT_REPLACEMENT));
        } catch (IllegalArgumentException e) {
            throw map.error(value.path() + ": " + e.getMessage());
        }
    }

    private static RelabelAction action(YamlValue value) {
        try {
            return RelabelAction.parse(value.asString());
        } catch (IllegalArgumentException e) {
            throw value.error(value.path() + ": " + e.getMessage());
        }
    }

    private static Pattern regex(YamlValue value) {
        try {
            return RelabelRule.compile(value.asString());
        } catch (IllegalArgumentException e) {
            throw value.error(value.path() + ": " + e.getMessage());
        }
    }
}
