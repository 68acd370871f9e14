package dev.weir.configuration.tls;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * {@code server_name}: a trusted chain whose first certificate holds that name (RFC 6125: alternative names only, {@code *}
 * for one whole leftmost label), whatever host the URL has.
 */
final class NamedServerTrust extends X509ExtendedTrustManager {
    private static final int DNS_NAME = 2;
    private static final int IP_ADDRESS = 7;

    private final X509ExtendedTrustManager chains;
    private final String serverName;

    NamedServerTrust(X509ExtendedTrustManager chains, String serverName) {
        this.chains = chains;
        this.serverName = serverName;
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        // Without the engine, the delegate checks the chain and leaves the name to us.
        chains.checkServerTrusted(chain, authType);
        Collection<List<?>> names = chain[0].getSubjectAlternativeNames();
        if (names != null) {
            for (List<?> name : names) {
                Object kind = name.get(0);
                if ((kind.equals(DNS_NAME) || kind.equals(IP_ADDRESS)) && matches(String.valueOf(name.get(1)))) {
                    return;
                }
            }
        }
        throw new CertificateException("no name " + serverName + " in the certificate (server_name of tls_config)");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        checkServerTrusted(chain, authType);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        checkServerTrusted(chain, authType);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        chains.checkClientTrusted(chain, authType);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        chains.checkClientTrusted(chain, authType, socket);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        chains.checkClientTrusted(chain, authType, engine);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return chains.getAcceptedIssuers();
    }

    private boolean matches(String certificateName) {
        String wanted = serverName.toLowerCase(Locale.ROOT);
        String held = certificateName.toLowerCase(Locale.ROOT);
        if (held.startsWith("*.")) {
            int dot = wanted.indexOf('.');
            return dot > 0 && wanted.substring(dot).equals(held.substring(1));
        }
        return wanted.equals(held);
    }
}
