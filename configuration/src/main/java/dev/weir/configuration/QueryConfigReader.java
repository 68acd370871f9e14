package dev.weir.configuration;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.List;
import java.util.Map;

/** Reads {@code query}. */
final class QueryConfigReader {
    private static final YamlKeys QUERY = YamlKeys.of(
            "listen",
            "retention",
            "retention_size",
            "hold",
            "lookback_delta",
            "delayed_name_removal",
            "auth",
            "tls",
            "cors_origin",
            "enable_metrics_api",
            "metrics_address",
            "limits",
            "projects");
    private static final YamlKeys TLS = YamlKeys.of("cert_file", "key_file", "client_ca_file", "min_version");
    private static final Map<String, Boolean> TLS_VERSIONS = Map.of("TLS12", false, "TLS13", true);
    private static final YamlKeys LIMITS = YamlKeys.of(
            "max_samples",
            "max_series",
            "max_points",
            "timeout",
            "max_concurrent_queries",
            "max_concurrent_queries_per_project",
            "max_samples_per_second",
            "max_active_series",
            "max_body_size",
            "max_decompressed_size",
            "pushes");
    private static final YamlKeys PUSHES = YamlKeys.of(
            "max_concurrent",
            "max_waiting",
            "max_size_in_flight",
            "max_page_size",
            "max_unpacked_size",
            "max_samples",
            "max_requests_size",
            "max_requests");
    private static final YamlKeys PROJECT = YamlKeys.of("limits");
    private static final YamlKeys PROJECT_LIMITS = YamlKeys.of(
            "max_samples",
            "max_series",
            "max_points",
            "timeout",
            "max_concurrent_queries",
            "max_samples_per_second",
            "max_active_series");

    /** Points are held in memory, and so is a request, as one array. */
    private static final int MOST_POINTS = 1_000_000;

    private static final int MOST_QUERIES = 1_000;
    private static final long MOST_REQUEST_BYTES = 1L << 30;

    /** Each holds a thread, running or waiting, of those that queries and writes need, too. */
    private static final int MOST_PUSHES = 64;

    private static final int MOST_WAITING_PUSHES = 128;
    private static final int MOST_PUSHED_REQUESTS = 1_000_000;

    /** Those of the topic and of the aggregation: what is acknowledged must not be refused there. */
    private static final int MOST_PAGE_BYTES = 48 << 20;

    private static final int MOST_UNPACKED_BYTES = 256 << 20;
    private static final int MOST_PAGE_SAMPLES = 1_000_000;

    private QueryConfigReader() {}

    static QueryConfig read(YamlValue value) {
        YamlMap map = value.asMap(QUERY);
        QueryConfig defaults = QueryConfig.DEFAULT;
        HostPort listen = map.get("listen", WeirConfigReader::hostPort, defaults.listen());
        QueryConfig.Auth auth = map.get("auth", QueryConfigReader::auth, defaults.auth());
        HostPort metrics = map.getOrNull("metrics_address", WeirConfigReader::hostPort);
        for (String key : List.of("listen", "metrics_address")) {
            HostPort address = key.equals("listen") ? listen : metrics;
            if (auth == QueryConfig.Auth.OFF && address != null && !address.isLoopback()) {
                throw map.error(
                        key,
                        "query." + key + ": " + address
                                + " with auth: off (expected: auth: tokens, or a loopback address)");
            }
        }
        QueryConfig.Limits limits = map.get("limits", QueryConfigReader::limits, defaults.limits());
        return new QueryConfig(
                listen,
                map.get("retention", YamlValue::asPositiveDuration, defaults.retention()),
                map.get("retention_size", YamlValue::asSizeBytes, defaults.retentionSizeBytes()),
                map.get("hold", YamlValue::asDuration, defaults.hold()),
                map.get("lookback_delta", YamlValue::asPositiveDuration, defaults.lookbackDelta()),
                map.get("delayed_name_removal", YamlValue::asBoolean, defaults.delayedNameRemoval()),
                auth,
                new QueryConfig.Web(
                        map.getOrNull("tls", QueryConfigReader::tls),
                        map.getOrNull("cors_origin", QueryConfigReader::expression),
                        map.get("enable_metrics_api", YamlValue::asBoolean, true),
                        metrics),
                limits,
                map.get("projects", projects -> projects.asMapOf(one -> project(one, limits)), Map.of()));
    }

    private static QueryConfig.Tls tls(YamlValue value) {
        YamlMap map = value.asMap(TLS);
        return new QueryConfig.Tls(
                map.require("cert_file", YamlValue::asPath),
                map.require("key_file", YamlValue::asPath),
                map.getOrNull("client_ca_file", YamlValue::asPath),
                map.get("min_version", version -> version.asOneOf(TLS_VERSIONS), false));
    }

    private static String expression(YamlValue value) {
        try {
            return Pattern.compile(value.asNonEmptyString()).pattern();
        } catch (PatternSyntaxException e) {
            throw value.error(value.path() + ": " + e.getMessage() + " (expected: an RE2 expression of whole origins)");
        }
    }

    private static QueryConfig.Limits limits(YamlValue value) {
        YamlMap map = value.asMap(LIMITS);
        QueryConfig.Limits defaults = QueryConfig.Limits.DEFAULT;
        return new QueryConfig.Limits(
                map.get("max_samples", v -> v.asLong(1, Long.MAX_VALUE), defaults.maxSamples()),
                map.get("max_series", v -> v.asInt(1, Integer.MAX_VALUE), defaults.maxSeries()),
                map.get("max_points", v -> v.asInt(1, MOST_POINTS), defaults.maxPoints()),
                map.get("timeout", YamlValue::asPositiveDuration, defaults.timeout()),
                map.get("max_concurrent_queries", v -> v.asInt(1, MOST_QUERIES), defaults.maxConcurrentQueries()),
                map.get("max_body_size", QueryConfigReader::requestSizeBytes, defaults.maxBodySizeBytes()),
                map.get(
                        "max_decompressed_size",
                        QueryConfigReader::requestSizeBytes,
                        defaults.maxDecompressedSizeBytes()),
                map.get("pushes", QueryConfigReader::pushes, defaults.pushes()),
                new QueryConfig.Share(
                        map.get("max_concurrent_queries_per_project", v -> v.asInt(1, MOST_QUERIES), 0),
                        map.get("max_samples_per_second", v -> v.asLong(1, Long.MAX_VALUE), 0L),
                        map.get("max_active_series", v -> v.asInt(1, Integer.MAX_VALUE), 0)));
    }

    /** What a project's own limits leave open is as for every project. */
    private static QueryConfig.Limits project(YamlValue value, QueryConfig.Limits ofAll) {
        return value.asMap(PROJECT)
                .get(
                        "limits",
                        limits -> {
                            YamlMap map = limits.asMap(PROJECT_LIMITS);
                            QueryConfig.Share share = ofAll.share();
                            return new QueryConfig.Limits(
                                    map.get("max_samples", v -> v.asLong(1, Long.MAX_VALUE), ofAll.maxSamples()),
                                    map.get("max_series", v -> v.asInt(1, Integer.MAX_VALUE), ofAll.maxSeries()),
                                    map.get("max_points", v -> v.asInt(1, MOST_POINTS), ofAll.maxPoints()),
                                    map.get("timeout", YamlValue::asPositiveDuration, ofAll.timeout()),
                                    ofAll.maxConcurrentQueries(),
                                    ofAll.maxBodySizeBytes(),
                                    ofAll.maxDecompressedSizeBytes(),
                                    ofAll.pushes(),
                                    new QueryConfig.Share(
                                            map.get(
                                                    "max_concurrent_queries",
                                                    v -> v.asInt(1, MOST_QUERIES),
                                                    share.maxConcurrentQueries()),
                                            map.get(
                                                    "max_samples_per_second",
                                                    v -> v.asLong(1, Long.MAX_VALUE),
                                                    share.maxSamplesPerSecond()),
                                            map.get(
                                                    "max_active_series",
                                                    v -> v.asInt(1, Integer.MAX_VALUE),
                                                    share.maxActiveSeries())));
                        },
                        ofAll);
    }

    private static QueryConfig.Pushes pushes(YamlValue value) {
        YamlMap map = value.asMap(PUSHES);
        QueryConfig.Pushes defaults = QueryConfig.Pushes.DEFAULT;
        return new QueryConfig.Pushes(
                map.get("max_concurrent", v -> v.asInt(2, MOST_PUSHES), defaults.maxConcurrent()),
                map.get("max_waiting", v -> v.asInt(1, MOST_WAITING_PUSHES), defaults.maxWaiting()),
                map.get("max_size_in_flight", QueryConfigReader::requestSizeBytes, defaults.maxSizeInFlightBytes()),
                map.get("max_page_size", v -> (int) sizeBytes(v, MOST_PAGE_BYTES), defaults.maxPageSizeBytes()),
                map.get(
                        "max_unpacked_size",
                        v -> (int) sizeBytes(v, MOST_UNPACKED_BYTES),
                        defaults.maxUnpackedSizeBytes()),
                map.get("max_samples", v -> v.asInt(1, MOST_PAGE_SAMPLES), defaults.maxSamples()),
                map.get("max_requests_size", v -> (int) sizeBytes(v, MOST_PAGE_BYTES), defaults.maxRequestsSizeBytes()),
                map.get("max_requests", v -> v.asInt(1, MOST_PUSHED_REQUESTS), defaults.maxRequests()));
    }

    private static long requestSizeBytes(YamlValue value) {
        return sizeBytes(value, MOST_REQUEST_BYTES);
    }

    private static long sizeBytes(YamlValue value, long mostBytes) {
        long bytes = value.asSizeBytes();
        if (bytes < 1 || bytes > mostBytes) {
            throw value.error(value.path() + ": " + value.asString() + " (expected: 1B to "
                    + (mostBytes >= 1L << 30 ? (mostBytes >> 30) + "GiB" : (mostBytes >> 20) + "MiB") + ")");
        }
        return bytes;
    }

    private static QueryConfig.Auth auth(YamlValue value) {
        return switch (value.asString()) {
            case "off", "false" -> QueryConfig.Auth.OFF;
            case "tokens" -> QueryConfig.Auth.TOKENS;
            default -> throw value.error(value.path() + ": \"" + value.asString() + "\" (expected: off or tokens)");
        };
    }
}
