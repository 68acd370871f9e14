package dev.weir.configuration;

import java.io.IOException;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
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

    /**
     * The value of the {@code Authorization} header, null for none; a secret in a file is read anew.
     *
     * @throws IOException if a secret's file cannot be read
     */
    public @Nullable String authorizationHeader() throws IOException {
        if (authorization != null) {
            return authorization.type() + " " + authorization.credentials().reveal();
        }
        if (basicAuth != null) {
            String pair =
                    basicAuth.username().reveal() + ":" + basicAuth.password().reveal();
            return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
        }
        return null;
    }
}
