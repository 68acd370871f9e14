package dev.weir.configuration;

import org.jspecify.annotations.Nullable;

/** Reads the HTTP client's keys, which scrape configurations and remote writes share, from a mapping that may hold them. */
final class HttpClientConfigReader {
    private static final YamlKeys AUTHORIZATION = YamlKeys.of("type", "credentials", "credentials_file");
    private static final YamlKeys BASIC_AUTH = YamlKeys.of("username", "username_file", "password", "password_file");
    private static final YamlKeys TLS = YamlKeys.of(
                    "ca", "ca_file", "cert_file", "key_file", "server_name", "insecure_skip_verify")
            .refusing("cert", "key", "min_version", "max_version", "ca_ref", "cert_ref", "key_ref");

    private HttpClientConfigReader() {}

    static HttpClientConfig read(YamlMap map) {
        int given = 0;
        for (String key : new String[] {"authorization", "basic_auth", "bearer_token", "bearer_token_file"}) {
            given += map.has(key) ? 1 : 0;
        }
        if (given > 1) {
            throw map.error("more than one of authorization, basic_auth, bearer_token and bearer_token_file"
                    + " (expected: at most one)");
        }
        Secret bearer = secret(map, "bearer_token", "bearer_token_file");
        return new HttpClientConfig(
                bearer != null
                        ? new AuthorizationConfig(AuthorizationConfig.DEFAULT_TYPE, bearer)
                        : map.getOrNull("authorization", HttpClientConfigReader::authorization),
                map.getOrNull("basic_auth", HttpClientConfigReader::basicAuth),
                map.get("tls_config", HttpClientConfigReader::tls, TlsConfig.DEFAULT),
                map.get("follow_redirects", YamlValue::asBoolean, true));
    }

    private static AuthorizationConfig authorization(YamlValue value) {
        YamlMap map = value.asMap(AUTHORIZATION);
        String type = map.get("type", YamlValue::asNonEmptyString, AuthorizationConfig.DEFAULT_TYPE);
        if (type.equalsIgnoreCase("basic")) {
            throw map.error("type", value.path() + ".type: " + type + " (expected: basic_auth in place of it)");
        }
        Secret credentials = secret(map, "credentials", "credentials_file");
        if (credentials == null) {
            throw map.error("no credentials in " + value.path() + " (expected: credentials or credentials_file)");
        }
        return new AuthorizationConfig(type, credentials);
    }

    private static BasicAuthConfig basicAuth(YamlValue value) {
        YamlMap map = value.asMap(BASIC_AUTH);
        Secret username = secret(map, "username", "username_file");
        Secret password = secret(map, "password", "password_file");
        if (username == null) {
            throw map.error("no username in " + value.path() + " (expected: username or username_file)");
        }
        return new BasicAuthConfig(username, password == null ? Secret.of("") : password);
    }

    private static TlsConfig tls(YamlValue value) {
        YamlMap map = value.asMap(TLS);
        if (map.has("ca") && map.has("ca_file")) {
            throw map.error("both ca and ca_file in " + value.path() + " (expected: at most one)");
        }
        if (map.has("cert_file") != map.has("key_file")) {
            throw map.error("only one of cert_file and key_file in " + value.path() + " (expected: both or none)");
        }
        return new TlsConfig(
                map.getOrNull("ca", YamlValue::asNonEmptyString),
                map.getOrNull("ca_file", YamlValue::asPath),
                map.getOrNull("cert_file", YamlValue::asPath),
                map.getOrNull("key_file", YamlValue::asPath),
                map.getOrNull("server_name", YamlValue::asNonEmptyString),
                map.get("insecure_skip_verify", YamlValue::asBoolean, false));
    }

    private static @Nullable Secret secret(YamlMap map, String key, String fileKey) {
        if (map.has(key) && map.has(fileKey)) {
            throw map.error(fileKey, "both " + key + " and " + fileKey + " (expected: at most one)");
        }
        Secret inPlace = map.getOrNull(key, YamlValue::asSecret);
        return inPlace != null ? inPlace : map.getOrNull(fileKey, YamlValue::asSecretFile);
    }
}
