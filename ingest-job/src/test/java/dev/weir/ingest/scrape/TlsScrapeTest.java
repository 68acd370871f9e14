package dev.weir.ingest.scrape;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import dev.weir.configuration.WeirConfig;
import dev.weir.ingest.discovery.Discovery;
import dev.weir.schemas.ScrapeOutcome;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Clock;
import java.util.Base64;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server with a certificate of its own for {@code weir.test}, {@code *.pods.test} and 127.0.0.1. */
class TlsScrapeTest {
    private static final char[] PASSWORD = "changeit".toCharArray();

    @TempDir
    private static Path folder;

    private static HttpsServer server;
    private static HttpsServer guarded;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();

    @AfterEach
    void stopTimer() {
        timer.shutdownNow();
    }

    @BeforeAll
    static void start() throws Exception {
        Path store = folder.resolve("store.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "a",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=weir",
                        "-validity",
                        "30",
                        "-ext",
                        "san=dns:weir.test,dns:*.pods.test,ip:127.0.0.1",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        "changeit")
                .inheritIO()
                .start();
        assertEquals(0, keytool.waitFor());
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD);
        }
        Files.writeString(
                folder.resolve("ca.pem"),
                pem("CERTIFICATE", keys.getCertificate("a").getEncoded()));
        Files.writeString(
                folder.resolve("key.pem"),
                pem("PRIVATE KEY", keys.getKey("a", PASSWORD).getEncoded()));
        KeyManagerFactory identity = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        identity.init(keys, PASSWORD);
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("a", keys.getCertificate("a"));
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(identity.getKeyManagers(), trust.getTrustManagers(), null);
        server = serve(context, false);
        guarded = serve(context, true);
    }

    @AfterAll
    static void stop() {
        server.stop(0);
        guarded.stop(0);
    }

    @Test
    void certificateOfAnUnknownAuthorityIsRefused() throws Exception {
        ScrapeResult result = scrape(server, "");
        assertEquals(ScrapeOutcome.FAILED, result.outcome());
        assertTrue(String.valueOf(result.error()).startsWith("TLS: "), result.error());
    }

    @Test
    void authorityFromAFileOrInPlaceIsTrusted() throws Exception {
        assertBody(scrape(server, "ca_file: ca.pem"));
        String inPlace = Files.readString(folder.resolve("ca.pem")).replace("\n", "\\n");
        assertBody(scrape(server, "ca: \"" + inPlace + "\""));
    }

    @Test
    void serverNameReplacesTheHost() throws Exception {
        assertBody(scrape(server, "ca_file: ca.pem, server_name: weir.test"));
        assertBody(scrape(server, "ca_file: ca.pem, server_name: a.pods.test"));
        for (String other : new String[] {"other.test", "a.b.pods.test", "pods.test"}) {
            ScrapeResult result = scrape(server, "ca_file: ca.pem, server_name: " + other);
            assertEquals(ScrapeOutcome.FAILED, result.outcome(), other);
        }
    }

    @Test
    void verificationCanBeSkipped() throws Exception {
        assertBody(scrape(server, "insecure_skip_verify: true"));
    }

    @Test
    void clientShowsItsCertificate() throws Exception {
        assertEquals(ScrapeOutcome.FAILED, scrape(guarded, "ca_file: ca.pem").outcome());
        assertBody(scrape(guarded, "ca_file: ca.pem, cert_file: ca.pem, key_file: key.pem"));
    }

    @Test
    void wrongFilesAreNamed() throws Exception {
        Files.writeString(folder.resolve("empty.pem"), "nothing\n");
        assertFailed("empty.pem", scrape(server, "ca_file: empty.pem"));
        assertFailed("missing.pem", scrape(server, "ca_file: missing.pem"));
        assertFailed("no PKCS#8 key in it", scrape(server, "cert_file: ca.pem, key_file: ca.pem"));
    }

    private static HttpsServer serve(SSLContext context, boolean needsClient) throws Exception {
        HttpsServer made = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        made.setHttpsConfigurator(new HttpsConfigurator(context) {
            @Override
            public void configure(HttpsParameters parameters) {
                SSLParameters ssl = context.getDefaultSSLParameters();
                ssl.setNeedClientAuth(needsClient);
                parameters.setSSLParameters(ssl);
            }
        });
        made.createContext("/metrics", exchange -> exchange.sendResponseHeaders(200, -1));
        made.start();
        return made;
    }

    private ScrapeResult scrape(HttpsServer target, String tls) throws Exception {
        WeirConfig config = WeirConfig.parse(
                "scrape_configs: [{job_name: j, scheme: https, tls_config: {" + tls
                        + "}, static_configs: [{targets: ['127.0.0.1:"
                        + target.getAddress().getPort() + "']}]}]",
                folder.resolve("weir.yml").toString());
        try (Scraper scraper = new Scraper(config.scrapeConfigs(), new ByteBudget(1 << 20), timer, Clock.systemUTC())) {
            return scraper.scrape(new Discovery(config).look().targets().get(0)).get(30, TimeUnit.SECONDS);
        }
    }

    private static void assertBody(ScrapeResult result) {
        assertEquals(ScrapeOutcome.BODY, result.outcome(), result.error());
    }

    private static void assertFailed(String part, ScrapeResult result) {
        assertEquals(ScrapeOutcome.FAILED, result.outcome());
        assertTrue(String.valueOf(result.error()).contains(part), result.error());
    }

    private static String pem(String kind, byte[] der) {
        return "-----BEGIN " + kind + "-----\n" + Base64.getMimeEncoder().encodeToString(der) + "\n-----END " + kind
                + "-----\n";
    }
}
