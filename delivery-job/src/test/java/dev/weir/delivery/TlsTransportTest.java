package dev.weir.delivery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import dev.weir.configuration.RemoteWriteConfig;
import dev.weir.configuration.WeirConfig;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Receivers whose certificate, for 127.0.0.1 and {@code weir.test}, a private authority has signed. */
class TlsTransportTest {
    private static final byte[] BLOCK = {4, 12, 'a', 'b', 'c', 'd'};
    private static final String PASSWORD = "changeit";
    private static final AtomicInteger TAKEN = new AtomicInteger();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private static Path folder;

    @SuppressWarnings("NullAway.Init")
    private static HttpsServer receiver;

    /** Takes only senders that show a certificate of the same authority. */
    @SuppressWarnings("NullAway.Init")
    private static HttpsServer guarded;

    @BeforeAll
    static void start() throws Exception {
        Path store = folder.resolve("all.p12");
        keytool(store, "-genkeypair -alias ca -keyalg EC -dname CN=authority -ext bc:c");
        keytool(store, "-genkeypair -alias server -keyalg EC -dname CN=receiver");
        Path request = folder.resolve("server.csr");
        Path signed = folder.resolve("server.crt");
        keytool(store, "-certreq -alias server -file " + request);
        keytool(
                store,
                "-gencert -alias ca -rfc -ext san=dns:weir.test,ip:127.0.0.1 -infile " + request + " -outfile "
                        + signed);
        keytool(store, "-importcert -noprompt -alias server -file " + signed);
        KeyStore all = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            all.load(in, PASSWORD.toCharArray());
        }
        Files.writeString(
                folder.resolve("ca.pem"),
                pem("CERTIFICATE", all.getCertificate("ca").getEncoded()));
        Files.writeString(
                folder.resolve("key.pem"),
                pem("PRIVATE KEY", all.getKey("server", PASSWORD.toCharArray()).getEncoded()));
        SSLContext context = context(all);
        receiver = serve(context, false);
        guarded = serve(context, true);
    }

    @AfterAll
    static void stop() {
        receiver.stop(0);
        guarded.stop(0);
    }

    @BeforeEach
    void forget() {
        TAKEN.set(0);
    }

    @Test
    void postsToAReceiverOfAPrivateAuthority() throws Exception {
        HttpTransport transport = transport(receiver, "ca_file: ca.pem");
        assertEquals(204, transport.post(BLOCK).status());
        assertEquals(204, transport.post(BLOCK).status());
        assertEquals(2, TAKEN.get());
    }

    @Test
    void refusesAReceiverOfAnAuthorityThatNobodyNamed() throws Exception {
        IOException failure =
                assertThrows(IOException.class, () -> transport(receiver, "").post(BLOCK));
        assertTrue(String.valueOf(failure.getMessage()).contains("certification path"), failure.toString());
        assertEquals(0, TAKEN.get());
    }

    @Test
    void refusesAReceiverWhoseCertificateHasAnotherName() throws Exception {
        assertEquals(
                204,
                transport(receiver, "ca_file: ca.pem, server_name: weir.test")
                        .post(BLOCK)
                        .status());
        IOException failure = assertThrows(
                IOException.class,
                () -> transport(receiver, "ca_file: ca.pem, server_name: other.test")
                        .post(BLOCK));
        assertTrue(String.valueOf(failure.getMessage()).contains("other.test"), failure.toString());
        assertEquals(1, TAKEN.get());
    }

    @Test
    void showsItsOwnCertificate() throws Exception {
        assertThrows(
                IOException.class, () -> transport(guarded, "ca_file: ca.pem").post(BLOCK));
        assertEquals(
                204,
                transport(guarded, "ca_file: ca.pem, cert_file: server.crt, key_file: key.pem")
                        .post(BLOCK)
                        .status());
    }

    @Test
    void takesUpAnAuthorityThatComesLater() throws Exception {
        Path late = folder.resolve("late.pem");
        HttpTransport transport = transport(receiver, "ca_file: late.pem");
        IOException failure = assertThrows(IOException.class, () -> transport.post(BLOCK));
        assertTrue(String.valueOf(failure.getMessage()).contains(late.toString()), failure.toString());
        Files.writeString(late, "half of it");
        failure = assertThrows(IOException.class, () -> transport.post(BLOCK));
        assertTrue(String.valueOf(failure.getMessage()).contains(late.toString()), failure.toString());
        Files.copy(folder.resolve("ca.pem"), late, StandardCopyOption.REPLACE_EXISTING);
        assertEquals(204, transport.post(BLOCK).status());
    }

    private static HttpTransport transport(HttpsServer server, String tls) {
        RemoteWriteConfig config = WeirConfig.parse(
                        "remote_write: [{url: 'https://127.0.0.1:"
                                + server.getAddress().getPort() + "/api/v1/write', tls_config: {" + tls + "}}]",
                        folder.resolve("weir.yml").toString())
                .remoteWrite()
                .get(0);
        return new HttpTransport(config);
    }

    private static HttpsServer serve(SSLContext context, boolean needsClient) throws IOException {
        HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(context) {
            @Override
            public void configure(HttpsParameters parameters) {
                SSLParameters ssl = context.getDefaultSSLParameters();
                ssl.setNeedClientAuth(needsClient);
                parameters.setSSLParameters(ssl);
            }
        });
        server.createContext("/api/v1/write", exchange -> {
            if (Arrays.equals(BLOCK, exchange.getRequestBody().readAllBytes())) {
                TAKEN.incrementAndGet();
            }
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        server.start();
        return server;
    }

    /** Shows the server's certificate and trusts the authority. */
    private static SSLContext context(KeyStore all) throws Exception {
        KeyStore identity = KeyStore.getInstance("PKCS12");
        identity.load(null, null);
        char[] password = PASSWORD.toCharArray();
        identity.setKeyEntry("server", all.getKey("server", password), password, all.getCertificateChain("server"));
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(identity, password);
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("ca", all.getCertificate("ca"));
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }

    private static void keytool(Path store, String arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of(arguments.split(" ")));
        command.addAll(List.of("-storetype", "PKCS12", "-keystore", store.toString(), "-storepass", PASSWORD));
        Path log = folder.resolve("keytool.log");
        Process keytool = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        assertEquals(0, keytool.waitFor(), () -> {
            try {
                return Files.readString(log);
            } catch (IOException e) {
                return e.toString();
            }
        });
    }

    private static String pem(String kind, byte[] der) {
        return "-----BEGIN " + kind + "-----\n" + Base64.getMimeEncoder().encodeToString(der) + "\n-----END " + kind
                + "-----\n";
    }
}
