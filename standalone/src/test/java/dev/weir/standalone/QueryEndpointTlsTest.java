package dev.weir.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.configuration.TlsConfig;
import dev.weir.configuration.WeirConfig;
import dev.weir.configuration.tls.TlsContext;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The query server over TLS, with certificates that the JDK's own tool makes. */
@Timeout(60)
class QueryEndpointTlsTest {
    private static final char[] PASSWORD = "changeit".toCharArray();

    @TempDir
    Path folder;

    @Test
    void showsTheCertificateOfItsFilesAndNewOnesAsTheyCome() throws Exception {
        Identity first = Identity.make(folder.resolve("first"));
        Identity second = Identity.make(folder.resolve("second"));
        first.copyTo(folder);
        try (DataDir dataDir = DataDir.open(folder.resolve("data"));
                QueryEndpoint server = start(dataDir, "min_version: TLS13")) {
            assertEquals("https", server.publicUrl().getScheme());
            assertEquals(200, ask(server.publicUrl(), first, null));
            assertThrows(SSLHandshakeException.class, () -> ask(server.publicUrl(), second, null));
            assertEquals(200, ask(server.url(), first, null), "its own process needs no TLS");

            Files.writeString(folder.resolve("key.pem"), "broken");
            second.copyTo(folder);
            while (!isTrusted(server.publicUrl(), second)) {
                LockSupport.parkNanos(50_000_000);
            }
        }
    }

    @Test
    void asksForACertificateThatItsAuthoritySigned() throws Exception {
        Identity mine = Identity.make(folder.resolve("mine"));
        Identity client = Identity.make(folder.resolve("client"));
        mine.copyTo(folder);
        Files.copy(client.certificate, folder.resolve("clients.pem"));
        try (DataDir dataDir = DataDir.open(folder.resolve("data"));
                QueryEndpoint server = start(dataDir, "client_ca_file: clients.pem")) {
            assertEquals(200, ask(server.publicUrl(), mine, client));
            assertThrows(IOException.class, () -> ask(server.publicUrl(), mine, null));
            assertThrows(IOException.class, () -> ask(server.publicUrl(), mine, mine));
        }
    }

    @Test
    void namesTheFileThatCannotBeUsed() throws Exception {
        Identity.make(folder.resolve("mine")).copyTo(folder);
        Files.writeString(folder.resolve("key.pem"), "broken");
        try (DataDir dataDir = DataDir.open(folder.resolve("data"))) {
            StartupException e = assertThrows(StartupException.class, () -> start(dataDir, "min_version: TLS12"));
            assertTrue(String.valueOf(e.getMessage()).contains("key.pem: no PKCS#8 key in it"), e.toString());
        }
    }

    private QueryEndpoint start(DataDir dataDir, String more) {
        String config = "query: {listen: 127.0.0.1:0, tls: {cert_file: cert.pem, key_file: key.pem, " + more + "}}";
        return QueryEndpoint.start(
                WeirConfig.parse(config, folder.resolve("weir.yml").toString()), dataDir, null);
    }

    private static boolean isTrusted(URI url, Identity trusted) throws IOException, InterruptedException {
        try {
            return ask(url, trusted, null) == 200;
        } catch (SSLException e) {
            return false;
        }
    }

    private static int ask(URI url, Identity trusted, @Nullable Identity client)
            throws IOException, InterruptedException {
        TlsConfig tls = new TlsConfig(
                null,
                trusted.certificate.toString(),
                client == null ? null : client.certificate.toString(),
                client == null ? null : client.key.toString(),
                null,
                false);
        return HttpClient.newBuilder()
                .sslContext(TlsContext.of(tls))
                .connectTimeout(Duration.ofSeconds(5))
                .build()
                .send(
                        HttpRequest.newBuilder(url.resolve("/api/v1/query?query=1"))
                                .build(),
                        HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    /** A certificate that signs itself, for 127.0.0.1, and its key; PEM files. */
    private record Identity(Path certificate, Path key) {
        static Identity make(Path directory) throws Exception {
            Files.createDirectories(directory);
            Path store = directory.resolve("store.p12");
            Process keytool = new ProcessBuilder(List.of(
                            Path.of(System.getProperty("java.home"), "bin", "keytool")
                                    .toString(),
                            "-genkeypair",
                            "-alias",
                            "a",
                            "-keyalg",
                            "EC",
                            "-groupname",
                            "secp256r1",
                            "-validity",
                            "2",
                            "-dname",
                            "CN=" + directory.getFileName(),
                            "-ext",
                            "san=ip:127.0.0.1",
                            "-ext",
                            "bc=ca:true",
                            "-storetype",
                            "PKCS12",
                            "-keystore",
                            store.toString(),
                            "-storepass",
                            new String(PASSWORD)))
                    .redirectErrorStream(true)
                    .start();
            String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertTrue(keytool.waitFor(30, TimeUnit.SECONDS) && keytool.exitValue() == 0, said);
            KeyStore keys = KeyStore.getInstance(store.toFile(), PASSWORD);
            return new Identity(
                    pem(
                            directory.resolve("cert.pem"),
                            "CERTIFICATE",
                            keys.getCertificate("a").getEncoded()),
                    pem(
                            directory.resolve("key.pem"),
                            "PRIVATE KEY",
                            keys.getKey("a", PASSWORD).getEncoded()));
        }

        void copyTo(Path directory) throws IOException {
            Files.writeString(directory.resolve("key.pem"), Files.readString(key));
            Files.writeString(directory.resolve("cert.pem"), Files.readString(certificate));
        }

        private static Path pem(Path file, String what, byte[] der) throws IOException {
            String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
            return Files.writeString(file, "-----BEGIN " + what + "-----\n" + text + "\n-----END " + what + "-----\n");
        }
    }
}
