package dev.weir.queryserver;

import static dev.weir.queryserver.RunningServer.NOW_S;
import static dev.weir.queryserver.RunningServer.encode;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Requests of somebody who may read project {@code a} and wants to see project {@code b}: queries of every shape, forged
 * headers, paths and parameters, and some that are broken. Same seed, same requests.
 */
final class HostileGenerator {
    private static final List<String> REGEXES = List.of(
            ".*", ".+", "|.+", "[^a]*", "(?i)Z.*", ".*z.x.*", "b|.+", "(a|b)?.*", "\\\\PM*", "", "shared.*", "x{0}.*");
    private static final List<String> LABELS =
            List.of("__name__", "project_id", "job", "instance", "le", "only_b", "hidden", "__project__", "tenant");
    private static final List<String> NAMES =
            List.of("shared_total", "up", "target_info", "only_b_total", "native", "a_total");
    private static final List<String> FUNCTIONS = List.of(
            "rate(%s[5m])",
            "increase(%s[5m:15s])",
            "last_over_time(%s[1h])",
            "max_over_time((%s)[10m:1m])",
            "count_over_time(%s[5m] offset 1m)",
            "absent(%s)",
            "absent_over_time(%s[5m])",
            "timestamp(%s)",
            "sort_by_label(%s, \"project_id\", \"__name__\")",
            "label_replace(%s, \"x\", \"$1\", \"project_id\", \"(.*)\")",
            "label_replace(%s, \"__name__\", \"only_b_total\", \"\", \"\")",
            "label_replace(%s, \"project_id\", \"b\", \"\", \"\")",
            "label_join(%s, \"x\", \"/\", \"__name__\", \"project_id\", \"only_b\", \"job\")",
            "info(%s)",
            "info(%s, {__name__=~\".+\", project_id=~\".+\"})",
            "histogram_quantile(0.9, %s)",
            "histogram_count(%s)",
            "sum(%s)",
            "sum by (__name__, project_id, only_b) (%s)",
            "count without (job) (%s)",
            "count_values(\"v\", %s)",
            "group by (project_id) (%s)",
            "topk(1000, %s)",
            "limitk(1000, %s)",
            "limit_ratio(-0.9, %s)",
            "quantile(0.5, %s)",
            "scalar(%s)",
            "vector(scalar(sum(%s)))",
            "-%s",
            "%s @ " + NOW_S,
            "%s @ end()",
            "%s offset -1m",
            "quantile_over_time(0.5, %s[5m])",
            "predict_linear(%s[5m], 60)",
            "clamp_min(%s, 0)",
            "changes(%s[5m])",
            "stddev_over_time((%s)[5m:])");
    private static final List<String> OPERATORS = List.of(
            " or ",
            " and ",
            " unless ",
            " + ",
            " * ",
            " == ",
            " != ",
            " > bool ",
            " / on() group_left(project_id) ",
            " + ignoring(project_id, job) group_right() ",
            " or on(project_id) ",
            " and on() ",
            " unless on(nothing) ");
    private static final List<String> PATHS = List.of(
            "query",
            "query",
            "query",
            "query",
            "query_range",
            "query_range",
            "series",
            "series",
            "labels",
            "label",
            "label",
            "metadata",
            "federate",
            "query_exemplars",
            "format_query",
            "rules",
            "alerts",
            "targets",
            "targets/metadata",
            "status/tsdb",
            "status/runtimeinfo",
            "status/flags",
            "status/config",
            "status/buildinfo",
            "tokens",
            "tokens/create",
            "write",
            "read",
            "admin/tsdb/snapshot",
            "metrics",
            "parse_query",
            "../v1/query",
            "scrape_pools");
    private static final List<String> BASES = List.of(
            "",
            "",
            "",
            "/v1/metrics",
            "/v1/api/metrics",
            "/v1alpha5/projects/a/metrics/timeseries",
            "/v1alpha5/projects/b/metrics/timeseries",
            "/v1alpha5/projects/b%2F..%2Fa/metrics/timeseries",
            "/v1alpha5/projects/a/../b/metrics/timeseries",
            "/v1alpha5/projects/a%00b/metrics/timeseries",
            "/v1alpha5/projects/*/metrics/timeseries",
            "/v1alpha5/projects//metrics/timeseries",
            "/b",
            "//",
            "/v1alpha5/projects/%62/metrics/timeseries",
            "/v1alpha5/projects/a;b/metrics/timeseries");
    private static final List<String> HEADERS = List.of(
            "X-Scope-OrgID",
            "x-scope-orgid",
            "X-Scope-OrgId",
            "X-Tenant",
            "X-Project",
            "X-Prometheus-Tenant",
            "THANOS-TENANT",
            "X-Forwarded-User",
            "X-Original-URL",
            "X-HTTP-Method-Override",
            "Forwarded",
            "Accept",
            "Accept-Encoding");
    private static final List<String> PROJECTS =
            List.of("b", "a", "a|b", "b|a", "*", ".*", "B", "b ", "default", "hidden", "%62");
    private static final List<String> PARAMETERS = List.of(
            "project",
            "project_id",
            "tenant",
            "X-Scope-OrgID",
            "namespace",
            "extra_label",
            "extra_filters[]",
            "match[]",
            "orgId",
            "limit",
            "stats",
            "lookback_delta",
            "dedup",
            "partial_response",
            "max_source_resolution",
            "db");
    private static final String NOISE = "{}[]()\"'\\,=~!<>@:;%&#| \n\t0a\u00e9\u0000";

    private final Random random;

    HostileGenerator(long seed) {
        this.random = new Random(seed);
    }

    /** @param headers names and values in turn */
    record Hostile(String method, String pathAndQuery, String form, List<String> headers) {}

    Hostile next() {
        String endpoint = random.nextInt(2) == 0 ? "query" : one(PATHS);
        String base = random.nextInt(3) > 0 ? "" : one(BASES);
        String path = base + (endpoint.equals("metrics") || random.nextInt(40) == 0 ? "/" : "/api/v1/") + endpoint;
        if (endpoint.equals("label")) {
            path = base + "/api/v1/label/" + encode(random.nextInt(4) == 0 ? "U__project_5f_id" : one(LABELS))
                    + "/values";
        } else if (endpoint.equals("federate")) {
            path = base + "/federate";
        } else if (base.endsWith("timeseries") && random.nextInt(4) == 0) {
            path = base;
        }
        String form = form();
        boolean isForm = random.nextInt(3) == 0;
        String method = isForm ? "POST" : random.nextInt(50) == 0 ? one(List.of("PUT", "DELETE", "OPTIONS")) : "GET";
        List<String> headers = new ArrayList<>();
        for (int i = Math.max(0, random.nextInt(8) - 5); i > 0; i--) {
            headers.add(one(HEADERS));
            headers.add(one(PROJECTS));
        }
        return new Hostile(method, isForm ? path : path + "?" + form, isForm ? form : "", headers);
    }

    private String form() {
        List<String> pairs = new ArrayList<>();
        pairs.add("query=" + encode(maybeBroken(expression(3))));
        if (random.nextInt(3) > 0) {
            pairs.add("start=" + (NOW_S - 300));
            pairs.add("end=" + NOW_S);
            pairs.add("step=" + (15 + random.nextInt(60)));
        }
        for (int i = random.nextInt(3); i > 0; i--) {
            pairs.add("match[]=" + encode(maybeBroken(selector())));
        }
        if (random.nextInt(4) == 0) {
            pairs.add("metric=" + encode(one(NAMES)));
        }
        for (int i = random.nextInt(3); i > 0; i--) {
            pairs.add(encode(one(PARAMETERS)) + "=" + encode(random.nextBoolean() ? one(PROJECTS) : selector()));
        }
        return String.join("&", pairs);
    }

    private String expression(int depth) {
        if (depth == 0 || random.nextInt(4) == 0) {
            return selector();
        }
        if (random.nextInt(3) == 0) {
            return "(" + expression(depth - 1) + one(OPERATORS) + expression(depth - 1) + ")";
        }
        // Ranges stand behind selectors only.
        String function = one(FUNCTIONS);
        boolean wantsSelector = function.contains("%s[") || function.contains("%s @") || function.contains("%s offset");
        return function.replace("%s", wantsSelector ? selector() : expression(depth - 1));
    }

    private String selector() {
        if (random.nextInt(3) == 0) {
            return one(NAMES);
        }
        List<String> matchers = new ArrayList<>();
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
            matchers.add(one(LABELS) + one(List.of("=~", "=~", "!~", "=", "!=")) + "\"" + one(REGEXES) + "\"");
        }
        return (random.nextInt(4) == 0 ? one(NAMES) : "") + "{" + String.join(",", matchers) + "}";
    }

    private String maybeBroken(String text) {
        if (random.nextInt(20) > 0) {
            return text;
        }
        int at = random.nextInt(text.length() + 1);
        return text.substring(0, at) + NOISE.charAt(random.nextInt(NOISE.length())) + text.substring(at);
    }

    private <T> T one(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }
}
