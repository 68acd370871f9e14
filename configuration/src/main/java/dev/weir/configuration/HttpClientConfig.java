package dev.weir.configuration;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/** How to ask an HTTP server; at most one of {@code authorization} and {@code basicAuth} is there. */
public record HttpClientConfig(
        @Nullable AuthorizationConfig authorization,
        @Nullable BasicAuthConfig basicAuth,
        TlsConfig tls,
        boolean followRedirects)
        implements Serializable {
    /** No authorization, the system's trust, redirects followed. */
    public static final HttpClientConfig DEFAULT = new HttpClientConfig(null, null, TlsConfig.DEFAULT, true);
}
