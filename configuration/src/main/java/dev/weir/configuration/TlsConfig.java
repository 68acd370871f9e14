package dev.weir.configuration;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * How to talk TLS to a server: whom to trust and how to show oneself. Certificates and keys are PEM; files are read at
 * each new connection pool, paths are absolute.
 *
 * @param ca PEM certificates to trust in place of the system's, given in place
 * @param caFile the same, in a file
 * @param certFile client certificate chain; with {@code keyFile} or not at all
 * @param serverName the name the server's certificate must hold, in place of the URL's host
 * @param insecureSkipVerify whether any certificate is taken
 */
public record TlsConfig(
        @Nullable String ca,
        @Nullable String caFile,
        @Nullable String certFile,
        @Nullable String keyFile,
        @Nullable String serverName,
        boolean insecureSkipVerify)
        implements Serializable {
    /** The system's trust, no client certificate. */
    public static final TlsConfig DEFAULT = new TlsConfig(null, null, null, null, null, false);
}
