package dev.weir.configuration.tls;

import dev.weir.configuration.TlsConfig;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** Trust and identity out of the PEM texts and files of a {@code tls_config}. */
public final class TlsContext {
    private static final Pattern PRIVATE_KEY =
            Pattern.compile("-----BEGIN ([A-Z ]*)PRIVATE KEY-----([^-]*)-----END [A-Z ]*PRIVATE KEY-----");
    private static final char[] NO_PASSWORD = new char[0];

    private TlsContext() {}

    /**
     * A context that trusts whom {@code tls} says and shows the certificate it says, as the files are now.
     *
     * @throws IOException if a file cannot be read or holds something else; the message names it
     */
    public static SSLContext of(TlsConfig tls) throws IOException {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keyManagers(tls), trustManagers(tls), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException("tls_config: " + e.getMessage(), e);
        }
    }

    /**
     * A text that changes when a file of {@code tls} does; with an equal one, {@link #of} makes an equal context.
     *
     * @throws IOException if a file is not there; the message names it
     */
    public static String stateOfFiles(TlsConfig tls) throws IOException {
        StringBuilder states = new StringBuilder();
        for (String file : new String[] {tls.caFile(), tls.certFile(), tls.keyFile()}) {
            if (file != null) {
                Path path = Path.of(file);
                states.append(file)
                        .append(' ')
                        .append(Files.getLastModifiedTime(path).toMillis())
                        .append(' ')
                        .append(Files.size(path))
                        .append('\n');
            }
        }
        return states.toString();
    }

    private static TrustManager @Nullable [] trustManagers(TlsConfig tls) throws IOException, GeneralSecurityException {
        if (tls.insecureSkipVerify()) {
            return new TrustManager[] {new TrustAll()};
        }
        KeyStore trusted = null;
        String ca = tls.ca();
        String caFile = tls.caFile();
        if (ca != null || caFile != null) {
            trusted = KeyStore.getInstance("PKCS12");
            trusted.load(null, null);
            int number = 0;
            List<Certificate> certificates = ca != null
                    ? certificates(ca, "tls_config.ca")
                    : certificates(read(String.valueOf(caFile)), String.valueOf(caFile));
            for (Certificate certificate : certificates) {
                trusted.setCertificateEntry("ca-" + number++, certificate);
            }
        }
        String serverName = tls.serverName();
        if (trusted == null && serverName == null) {
            return null;
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(trusted);
        TrustManager[] managers = factory.getTrustManagers();
        if (serverName != null && managers[0] instanceof X509ExtendedTrustManager manager) {
            return new TrustManager[] {new NamedServerTrust(manager, serverName)};
        }
        return managers;
    }

    private static KeyManager @Nullable [] keyManagers(TlsConfig tls) throws IOException, GeneralSecurityException {
        String certFile = tls.certFile();
        String keyFile = tls.keyFile();
        if (certFile == null || keyFile == null) {
            return null;
        }
        KeyStore identity = KeyStore.getInstance("PKCS12");
        identity.load(null, null);
        Certificate[] chain = certificates(read(certFile), certFile).toArray(new Certificate[0]);
        identity.setKeyEntry("client", privateKey(read(keyFile), keyFile), NO_PASSWORD, chain);
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(identity, NO_PASSWORD);
        return factory.getKeyManagers();
    }

    private static List<Certificate> certificates(String pem, String place) throws IOException {
        try {
            List<Certificate> certificates = List.copyOf(CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII))));
            if (!certificates.isEmpty()) {
                return certificates;
            }
        } catch (GeneralSecurityException e) {
            throw new IOException(place + ": " + e.getMessage() + " (expected: PEM certificates)", e);
        }
        throw new IOException(place + ": no certificate in it (expected: PEM certificates)");
    }

    private static PrivateKey privateKey(String pem, String place) throws IOException, GeneralSecurityException {
        Matcher matcher = PRIVATE_KEY.matcher(pem);
        if (!matcher.find() || !matcher.group(1).isEmpty()) {
            throw new IOException(place + ": no PKCS#8 key in it (expected: -----BEGIN PRIVATE KEY-----, as"
                    + " \"openssl pkcs8 -topk8 -nocrypt\" writes)");
        }
        byte[] der;
        try {
            der = Base64.getMimeDecoder().decode(matcher.group(2));
        } catch (IllegalArgumentException e) {
            throw new IOException(place + ": no base64 in its key", e);
        }
        InvalidKeySpecException mismatch = null;
        for (String algorithm : List.of("RSA", "EC", "Ed25519")) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
            } catch (InvalidKeySpecException e) {
                mismatch = e;
            }
        }
        throw new IOException(place + ": unknown key (expected: RSA, EC or Ed25519)", mismatch);
    }

    private static String read(String file) throws IOException {
        return Files.readString(Path.of(file), StandardCharsets.US_ASCII);
    }
}
