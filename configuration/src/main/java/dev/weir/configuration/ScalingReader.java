package dev.weir.configuration;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads {@code scaling}. */
final class ScalingReader {
    private static final YamlKeys SCALING = YamlKeys.of(
            "url",
            "interval",
            "dry_run",
            "freshness",
            "max_age",
            "metrics_address",
            "rules",
            "authorization",
            "basic_auth",
            "bearer_token",
            "bearer_token_file",
            "tls_config");
    private static final YamlKeys RULE = YamlKeys.of(
            "name",
            "expr",
            "guard",
            "type",
            "target",
            "min",
            "max",
            "tolerance",
            "stabilization",
            "cooldown",
            "model",
            "version",
            "management_url",
            "key",
            "key_file");
    private static final Map<String, ScalingConfig.Measure> MEASURES =
            Map.of("value", ScalingConfig.Measure.VALUE, "average_value", ScalingConfig.Measure.AVERAGE_VALUE);
    private static final Duration LEAST_INTERVAL = Duration.ofSeconds(1);
    private static final int MOST_WORKERS = 10_000;

    private ScalingReader() {}

    static ScalingConfig read(YamlValue value) {
        YamlMap map = value.asMap(SCALING);
        Duration interval = map.get("interval", YamlValue::asPositiveDuration, ScalingConfig.DEFAULT_INTERVAL);
        if (interval.compareTo(LEAST_INTERVAL) < 0) {
            throw map.error(
                    "interval", "scaling.interval: " + DurationSyntax.format(interval) + " (expected: at least 1s)");
        }
        HostPort metrics = map.getOrNull("metrics_address", WeirConfigReader::hostPort);
        if (metrics != null && !metrics.isLoopback()) {
            throw map.error("metrics_address", "scaling.metrics_address: " + metrics + " (expected: of loopback)");
        }
        return new ScalingConfig(
                map.getOrNull("url", ScalingReader::httpUrl),
                HttpClientConfigReader.read(map),
                interval,
                map.get("dry_run", YamlValue::asBoolean, true),
                map.get("freshness", YamlValue::asNonEmptyString, ScalingConfig.DEFAULT_FRESHNESS),
                map.get("max_age", YamlValue::asPositiveDuration, ScalingConfig.DEFAULT_MAX_AGE),
                metrics,
                map.require("rules", ScalingReader::rules));
    }

    private static List<ScalingConfig.Rule> rules(YamlValue value) {
        Set<String> names = new HashSet<>();
        return value.asListOf(element -> {
            ScalingConfig.Rule rule = rule(element);
            if (!names.add(rule.name())) {
                throw element.error(
                        element.path() + ": name \"" + rule.name() + "\" (expected: one no other rule has)");
            }
            return rule;
        });
    }

    private static ScalingConfig.Rule rule(YamlValue value) {
        YamlMap map = value.asMap(RULE);
        String model = map.require("model", YamlValue::asNonEmptyString);
        ScalingConfig.Measure measure = map.get("type", word -> word.asOneOf(MEASURES), ScalingConfig.Measure.VALUE);
        int min = map.get("min", workers -> workers.asInt(0, MOST_WORKERS), 1);
        int max = map.require("max", workers -> workers.asInt(1, MOST_WORKERS));
        if (min > max) {
            throw map.error("min", value.path() + ".min: " + min + " (expected: at most max, " + max + ")");
        }
        if (min == 0 && measure == ScalingConfig.Measure.VALUE) {
            throw map.error(
                    "min",
                    value.path()
                            + ".min: 0 (expected: at least 1, since no worker has no value to come back by; or type:"
                            + " average_value)");
        }
        if (map.has("key") && map.has("key_file")) {
            throw map.error("key_file", "both key and key_file in " + value.path() + " (expected: at most one)");
        }
        Secret key = map.getOrNull("key", YamlValue::asSecret);
        return new ScalingConfig.Rule(
                map.get("name", YamlValue::asNonEmptyString, model),
                map.require("expr", YamlValue::asNonEmptyString),
                map.require("guard", YamlValue::asNonEmptyString),
                measure,
                map.require("target", YamlValue::asPositiveNumber),
                new ScalingConfig.Bounds(
                        min,
                        max,
                        map.get("tolerance", YamlValue::asPositiveNumber, ScalingConfig.Bounds.DEFAULT_TOLERANCE),
                        map.get("stabilization", YamlValue::asDuration, ScalingConfig.Bounds.DEFAULT_STABILIZATION),
                        map.get("cooldown", YamlValue::asDuration, ScalingConfig.Bounds.DEFAULT_COOLDOWN)),
                new ScalingConfig.Model(
                        model,
                        map.getOrNull("version", YamlValue::asNonEmptyString),
                        map.require("management_url", ScalingReader::httpUrl),
                        key != null ? key : map.getOrNull("key_file", YamlValue::asSecretFile)));
    }

    private static URI httpUrl(YamlValue value) {
        String url = value.asString();
        try {
            URI uri = new URI(url);
            if (("http".equals(uri.getScheme()) || "https".equals(uri.getScheme())) && uri.getHost() != null) {
                return uri;
            }
        } catch (URISyntaxException e) {
            throw value.error(value.path() + ": \"" + url + "\": " + e.getReason());
        }
        throw value.error(value.path() + ": \"" + url + "\" (expected: such as http://127.0.0.1:8081)");
    }
}
