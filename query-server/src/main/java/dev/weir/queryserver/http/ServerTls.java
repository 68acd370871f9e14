package dev.weir.queryserver.http;

import java.io.IOException;
import javax.net.ssl.SSLContext;

/**
 * A server's certificate and whom it trusts.
 *
 * @param asksForCertificate whether clients must show a certificate that {@code source} trusts
 * @param isTls13Only whether TLS 1.2 is refused
 */
public record ServerTls(Source source, boolean asksForCertificate, boolean isTls13Only) {
    /** Reads certificates and keys from where they are kept. */
    public interface Source {
        /** Changes when {@link #load} would give something else. */
        String version() throws IOException;

        /** @throws IOException that names what cannot be read or used, and why */
        SSLContext load() throws IOException;
    }
}
