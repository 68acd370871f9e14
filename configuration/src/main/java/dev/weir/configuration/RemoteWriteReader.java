package dev.weir.configuration;

import dev.weir.configuration.RemoteWriteConfig.BackFill;
import dev.weir.configuration.RemoteWriteConfig.Content;
import dev.weir.configuration.RemoteWriteConfig.Queue;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Reads {@code remote_write}: Prometheus' keys with Prometheus' meaning, and two of Weir's own, {@code backfill} and
 * {@code backfill_samples_per_second}. What would make Weir lose data or send it elsewhere is refused, with the reason.
 */
final class RemoteWriteReader {
    private static final YamlKeys KEYS = YamlKeys.of(
                    "url",
                    "name",
                    "headers",
                    "remote_timeout",
                    "authorization",
                    "basic_auth",
                    "bearer_token",
                    "bearer_token_file",
                    "tls_config",
                    "follow_redirects",
                    "write_relabel_configs",
                    "queue_config",
                    "metadata_config",
                    "send_exemplars",
                    "send_native_histograms",
                    "protobuf_message",
                    "backfill",
                    "backfill_samples_per_second")
            .ignoring("enable_http2")
            .refusing(
                    "sigv4",
                    "oauth2",
                    "azuread",
                    "google_iam",
                    "proxy_url",
                    "proxy_connect_header",
                    "no_proxy",
                    "proxy_from_environment",
                    "round_robin_dns",
                    "http_headers");
    private static final YamlKeys QUEUE = YamlKeys.of(
            "capacity",
            "max_shards",
            "min_shards",
            "max_samples_per_send",
            "batch_send_deadline",
            "min_backoff",
            "max_backoff",
            "retry_on_http_429",
            "sample_age_limit");
    private static final YamlKeys METADATA = YamlKeys.of("send", "send_interval", "max_samples_per_send");
    /** Keys of {@code queue_config} that size what Weir does not have: the topic is the queue, a partition has one sender. */
    private static final List<String> QUEUE_WITHOUT_EFFECT = List.of("capacity", "max_shards", "min_shards");

    /** Belong to the protocol, or have keys of their own; those that Prometheus reserves, and HTTP itself. */
    private static final Set<String> RESERVED_HEADERS = Set.of(
            "accept-encoding",
            "authorization",
            "connection",
            "content-encoding",
            "content-length",
            "content-type",
            "expect",
            "host",
            "keep-alive",
            "proxy-authenticate",
            "proxy-authorization",
            "transfer-encoding",
            "upgrade",
            "user-agent",
            "www-authenticate",
            "x-prometheus-remote-read-version",
            "x-prometheus-remote-write-version");

    private static final String HEADER_NAME = "[A-Za-z0-9!#$%&'*+.^_`|~-]+";
    private static final String VERSION_1 = "prometheus.WriteRequest";
    private static final int MOST_SAMPLES_PER_SEND = 1_000_000;

    private final List<String> withoutEffect = new ArrayList<>();

    private RemoteWriteReader() {}

    /** All receivers, in the file's order, each under a name of its own. */
    static List<RemoteWriteConfig> all(YamlValue value) {
        Set<String> names = new HashSet<>();
        return value.asListOf(element -> {
            YamlMap map = element.asMap(KEYS);
            RemoteWriteConfig receiver = new RemoteWriteReader().read(map, element.path());
            if (!names.add(receiver.name())) {
                throw map.error(
                        "name",
                        element.path() + ": name \"" + receiver.name() + "\" (expected: one no other receiver has)");
            }
            return receiver;
        });
    }

    private RemoteWriteConfig read(YamlMap map, String path) {
        URI url = map.require("url", RemoteWriteReader::httpUrl);
        requireUnfollowedVersion1(map, path);
        Content content = new Content(
                map.get("write_relabel_configs", rules -> rules.asListOf(ScrapeConfigReader::relabelRule), List.of()),
                map.get("metadata_config", this::sendsMetadata, true),
                map.get("send_native_histograms", YamlValue::asBoolean, true));
        if (map.get("send_exemplars", YamlValue::asBoolean, false)) {
            withoutEffect.add("send_exemplars");
        }
        Queue queue = map.get("queue_config", this::queue, Queue.DEFAULT);
        return new RemoteWriteConfig(
                map.get("name", YamlValue::asNonEmptyString, url.getAuthority()),
                url,
                map.get("headers", RemoteWriteReader::headers, Map.of()),
                HttpClientConfigReader.read(map),
                map.get("remote_timeout", YamlValue::asPositiveDuration, RemoteWriteConfig.DEFAULT_REMOTE_TIMEOUT),
                content,
                queue,
                new BackFill(
                        map.get("backfill", YamlValue::asBoolean, true),
                        map.get(
                                "backfill_samples_per_second",
                                rate -> rate.asInt(0, Integer.MAX_VALUE),
                                BackFill.DEFAULT.samplesPerSecond())),
                withoutEffect);
    }

    private static void requireUnfollowedVersion1(YamlMap map, String path) {
        if (map.get("follow_redirects", YamlValue::asBoolean, false)) {
            throw map.error(
                    "follow_redirects",
                    path + ".follow_redirects: true (expected: false, and the final url; a redirected write can become"
                            + " a read that answers 200)");
        }
        String message = map.get("protobuf_message", YamlValue::asString, VERSION_1);
        if (!message.equals(VERSION_1)) {
            throw map.error(
                    "protobuf_message",
                    path + ".protobuf_message: " + message + " (expected: " + VERSION_1
                            + "; Weir sends remote write 1.0)");
        }
    }

    private Queue queue(YamlValue value) {
        YamlMap map = value.asMap(QUEUE);
        Queue defaults = Queue.DEFAULT;
        for (String key : QUEUE_WITHOUT_EFFECT) {
            if (map.has(key)) {
                map.require(key).asInt(1, Integer.MAX_VALUE);
                withoutEffect.add("queue_config." + key);
            }
        }
        if (!map.get("retry_on_http_429", YamlValue::asBoolean, true)) {
            throw map.error(
                    "retry_on_http_429",
                    value.path() + ".retry_on_http_429: false (expected: true; Weir drops nothing that a receiver may"
                            + " take later)");
        }
        Duration minBackoff = map.get("min_backoff", YamlValue::asPositiveDuration, defaults.minBackoff());
        Duration maxBackoff = map.get("max_backoff", YamlValue::asPositiveDuration, defaults.maxBackoff());
        if (maxBackoff.compareTo(minBackoff) < 0) {
            throw map.error(
                    "max_backoff",
                    value.path() + ".max_backoff: " + DurationSyntax.format(maxBackoff)
                            + " (expected: at least the min_backoff of " + DurationSyntax.format(minBackoff) + ")");
        }
        return new Queue(
                map.get("max_samples_per_send", n -> n.asInt(1, MOST_SAMPLES_PER_SEND), defaults.maxSamplesPerSend()),
                map.get("batch_send_deadline", YamlValue::asPositiveDuration, defaults.batchSendDeadline()),
                minBackoff,
                maxBackoff,
                map.get("sample_age_limit", YamlValue::asDuration, defaults.sampleAgeLimit()));
    }

    private boolean sendsMetadata(YamlValue value) {
        YamlMap map = value.asMap(METADATA);
        if (map.has("send_interval")) {
            map.require("send_interval", YamlValue::asPositiveDuration);
            withoutEffect.add("metadata_config.send_interval");
        }
        if (map.has("max_samples_per_send")) {
            map.require("max_samples_per_send").asInt(1, Integer.MAX_VALUE);
            withoutEffect.add("metadata_config.max_samples_per_send");
        }
        return map.get("send", YamlValue::asBoolean, true);
    }

    private static Map<String, Secret> headers(YamlValue value) {
        Map<String, Secret> headers = value.asMapOf(YamlValue::asSecret);
        for (String name : headers.keySet()) {
            if (RESERVED_HEADERS.contains(name.toLowerCase(Locale.ROOT)) || !name.matches(HEADER_NAME)) {
                throw value.error(value.path() + ": header \"" + name
                        + "\" (expected: an HTTP header that neither the protocol nor another key sets)");
            }
        }
        return headers;
    }

    private static URI httpUrl(YamlValue value) {
        String text = value.asString();
        try {
            URI url = new URI(text);
            if (url.getUserInfo() != null) {
                throw value.error(value.path() + ": user information in a URL (expected: basic_auth in place of it)");
            }
            if (url.getHost() != null && ("http".equals(url.getScheme()) || "https".equals(url.getScheme()))) {
                return url;
            }
        } catch (URISyntaxException e) {
            throw value.error(
                    value.path() + ": \"" + text + "\": " + e.getMessage() + " (expected: an http or https URL)");
        }
        throw value.error(value.path() + ": \"" + text + "\" (expected: an http or https URL)");
    }
}
