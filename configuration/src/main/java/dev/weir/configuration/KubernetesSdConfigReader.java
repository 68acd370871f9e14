package dev.weir.configuration;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads one element of {@code kubernetes_sd_configs}. */
final class KubernetesSdConfigReader {
    private static final String[] HTTP_KEYS = {
        "authorization", "basic_auth", "bearer_token", "bearer_token_file", "tls_config"
    };
    private static final YamlKeys KEYS = YamlKeys.of(Stream.concat(
                            Stream.of(
                                    "role",
                                    "api_server",
                                    "kubeconfig_file",
                                    "namespaces",
                                    "selectors",
                                    "attach_metadata"),
                            Arrays.stream(HTTP_KEYS))
                    .toArray(String[]::new))
            .ignoring("enable_http2", "follow_redirects")
            .refusing(
                    "oauth2",
                    "proxy_url",
                    "no_proxy",
                    "proxy_from_environment",
                    "proxy_connect_header",
                    "http_headers");
    private static final YamlKeys NAMESPACES = YamlKeys.of("own_namespace", "names");
    private static final YamlKeys SELECTOR = YamlKeys.of("role", "label", "field");
    private static final YamlKeys METADATA = YamlKeys.of("node", "namespace").refusing("deployment", "job", "cronjob");

    private KubernetesSdConfigReader() {}

    static KubernetesSdConfig read(YamlValue value) {
        YamlMap map = value.asMap(KEYS);
        KubernetesRole role = map.require("role", word -> word.asOneOf(KubernetesRole.BY_WORD));
        YamlMap namespaces = map.getOrNull("namespaces", which -> which.asMap(NAMESPACES));
        boolean own = namespaces != null && namespaces.get("own_namespace", YamlValue::asBoolean, false);
        checkAccess(map, value.path(), own);
        YamlMap metadata = map.getOrNull("attach_metadata", which -> which.asMap(METADATA));
        return new KubernetesSdConfig(
                role,
                map.getOrNull("api_server", ScrapeConfigReader::httpUrl),
                map.getOrNull("kubeconfig_file", YamlValue::asPath),
                HttpClientConfigReader.read(map),
                namespaces == null
                        ? List.of()
                        : namespaces.get("names", names -> names.asListOf(YamlValue::asNonEmptyString), List.of()),
                own,
                map.get("selectors", list -> selectors(role, list), Map.of()),
                metadata != null && metadata.get("node", YamlValue::asBoolean, false),
                metadata != null && metadata.get("namespace", YamlValue::asBoolean, false));
    }

    /** The API server is reached in exactly one way. */
    private static void checkAccess(YamlMap map, String path, boolean ownNamespace) {
        if (map.has("api_server") && map.has("kubeconfig_file")) {
            throw map.error("kubeconfig_file", path + ": both api_server and kubeconfig_file (expected: at most one)");
        }
        for (String key : HTTP_KEYS) {
            if (map.has(key) && !map.has("api_server")) {
                throw map.error(key, path + "." + key + " without api_server (expected: the API server's URL with it)");
            }
        }
        if (ownNamespace && (map.has("api_server") || map.has("kubeconfig_file"))) {
            throw map.error(
                    "namespaces",
                    path + ".namespaces.own_namespace with api_server or kubeconfig_file (expected: neither, since only"
                            + " a pod has a namespace of its own)");
        }
    }

    private static Map<KubernetesRole, KubernetesSelector> selectors(KubernetesRole role, YamlValue list) {
        Map<KubernetesRole, KubernetesSelector> selectors = new EnumMap<>(KubernetesRole.class);
        for (YamlValue value : list.asList()) {
            YamlMap map = value.asMap(SELECTOR);
            KubernetesRole kind = map.require("role", word -> word.asOneOf(KubernetesRole.BY_WORD));
            if (!role.selectable().contains(kind)) {
                throw map.error(
                        "role",
                        value.path() + ".role: " + kind.word() + " (expected, of role " + role.word() + ": "
                                + role.selectable().stream()
                                        .map(KubernetesRole::word)
                                        .sorted()
                                        .collect(Collectors.joining(" or "))
                                + ")");
            }
            Map<String, String> fields = new LinkedHashMap<>();
            Map<String, String> notFields = new LinkedHashMap<>();
            map.get("field", field -> readFields(field, fields, notFields), true);
            KubernetesSelector selector =
                    new KubernetesSelector(map.get("label", YamlValue::asString, ""), fields, notFields);
            if (selectors.put(kind, selector) != null) {
                throw map.error("role", value.path() + ".role: " + kind.word() + " again (expected: one of each role)");
            }
        }
        return selectors;
    }

    /** Terms such as {@code spec.nodeName=n} and {@code status.phase!=Failed}, separated by commas. */
    private static boolean readFields(YamlValue value, Map<String, String> equal, Map<String, String> unequal) {
        for (String term : value.asString().split(",")) {
            if (term.isBlank()) {
                continue;
            }
            int operator = term.indexOf('=');
            boolean not = operator > 0 && term.charAt(operator - 1) == '!';
            String field = operator < 0
                    ? ""
                    : term.substring(0, not ? operator - 1 : operator).strip();
            if (field.isEmpty()) {
                throw value.error(value.path() + ": \"" + term.strip()
                        + "\" (expected: terms field=value or field!=value, separated by commas)");
            }
            int from = term.startsWith("==", operator) ? operator + 2 : operator + 1;
            String before =
                    (not ? unequal : equal).put(field, term.substring(from).strip());
            if (before != null) {
                throw value.error(value.path() + ": " + field + " twice (expected: once)");
            }
        }
        return true;
    }
}
