package dev.weir.delivery;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.weir.configuration.AuthorizationConfig;
import dev.weir.configuration.BasicAuthConfig;
import dev.weir.configuration.HttpClientConfig;
import dev.weir.configuration.RemoteWriteConfig;
import dev.weir.configuration.Secret;
import dev.weir.configuration.TlsConfig;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HttpTransportTest {
    private static final byte[] BLOCK = {4, 12, 'a', 'b', 'c', 'd'};

    private final List<Map<String, List<String>>> headers = new ArrayList<>();
    private final List<byte[]> bodies = new ArrayList<>();
    private final CountDownLatch release = new CountDownLatch(1);
    private HttpServer server;

    /** What the receiver does with a request after it has read it. */
    interface Reply {
        void to(HttpExchange exchange) throws IOException, InterruptedException;
    }

    private volatile Reply reply = exchange -> exchange.sendResponseHeaders(204, -1);

    @BeforeEach
    void startReceiver() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
        server.setExecutor(Executors.newCachedThreadPool());
        server.createContext("/api/v1/write", exchange -> {
            headers.add(exchange.getRequestHeaders());
            bodies.add(exchange.getRequestBody().readAllBytes());
            try {
                reply.to(exchange);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                exchange.close();
            }
        });
        server.start();
    }

    @AfterEach
    void stopReceiver() {
        release.countDown();
        server.stop(0);
    }

    @Test
    void sendsTheHeadersOfRemoteWriteAndTheBlockAsItIs() throws Exception {
        HttpTransport transport = transport(HttpClientConfig.DEFAULT);
        assertEquals(new Answer(204, "", null), transport.post(BLOCK));
        assertArrayEquals(BLOCK, bodies.get(0));
        Map<String, List<String>> sent = headers.get(0);
        assertEquals(List.of("application/x-protobuf"), sent.get("Content-type"));
        assertEquals(List.of("snappy"), sent.get("Content-encoding"));
        assertEquals(List.of("0.1.0"), sent.get("X-prometheus-remote-write-version"));
        assertEquals(List.of("weir-delivery/0.1"), sent.get("User-agent"));
        assertEquals(List.of("team-a"), sent.get("X-scope-orgid"));
        assertFalse(sent.containsKey("Authorization"));
    }

    @Test
    void readsTheTokenFileAnewForEachRequest(@TempDir Path dir) throws Exception {
        Path token = dir.resolve("token");
        Files.writeString(token, "first\n");
        HttpTransport transport = transport(new HttpClientConfig(
                new AuthorizationConfig("Bearer", Secret.inFile(token.toString())), null, TlsConfig.DEFAULT, true));
        transport.post(BLOCK);
        Files.writeString(token, "second\n");
        transport.post(BLOCK);
        assertEquals(List.of("Bearer first"), headers.get(0).get("Authorization"));
        assertEquals(List.of("Bearer second"), headers.get(1).get("Authorization"));
    }

    @Test
    void sendsBasicAuthentication() throws Exception {
        transport(new HttpClientConfig(
                        null, new BasicAuthConfig(Secret.of("weir"), Secret.of("p:w")), TlsConfig.DEFAULT, true))
                .post(BLOCK);
        assertEquals(List.of("Basic d2VpcjpwOnc="), headers.get(0).get("Authorization"));
    }

    @Test
    void returnsStatusTextAndRetryAfter() throws Exception {
        reply = exchange -> {
            exchange.getResponseHeaders().set("Retry-After", "3");
            answer(exchange, 429, "slow down");
        };
        assertEquals(
                new Answer(429, "slow down", "3"),
                transport(HttpClientConfig.DEFAULT).post(BLOCK));
    }

    @Test
    void followsNoRedirectSinceItWouldBecomeARead() throws Exception {
        reply = exchange -> {
            if (exchange.getRequestMethod().equals("GET")) {
                exchange.sendResponseHeaders(200, -1);
                return;
            }
            exchange.getResponseHeaders().set("Location", "/api/v1/write");
            exchange.sendResponseHeaders(302, -1);
        };
        Answer answer = transport(HttpClientConfig.DEFAULT).post(BLOCK);
        assertEquals(302, answer.status());
        assertEquals(AnswerClass.MISCONFIGURED, answer.classify());
    }

    @Test
    void readsNoMoreOfAnAnswerThanItShows() throws Exception {
        reply = exchange -> {
            exchange.sendResponseHeaders(500, 0);
            try (OutputStream out = exchange.getResponseBody()) {
                byte[] chunk = "x".repeat(64 * 1024).getBytes(StandardCharsets.UTF_8);
                while (true) {
                    out.write(chunk); // Until the other side hangs up.
                }
            }
        };
        Answer answer = transport(HttpClientConfig.DEFAULT).post(BLOCK);
        assertEquals(500, answer.status());
        assertEquals(BoundedText.MAX_BYTES, answer.body().length());
    }

    @Test
    void saysThatNobodyListens() throws Exception {
        int port = server.getAddress().getPort();
        server.stop(0);
        IOException failure = assertThrows(
                IOException.class, () -> transport(HttpClientConfig.DEFAULT).post(BLOCK));
        assertTrue(String.valueOf(failure.getMessage()).contains("127.0.0.1:" + port), failure.toString());
    }

    @Test
    void saysThatItTimedOut() {
        reply = exchange -> release.await();
        IOException failure = assertThrows(
                IOException.class,
                () -> transport(HttpClientConfig.DEFAULT, Duration.ofMillis(50)).post(BLOCK));
        assertTrue(String.valueOf(failure.getMessage()).contains("within remote_timeout"), failure.toString());
    }

    @Test
    void returnsAtOnceWhenInterruptedWhileTheReceiverHangs() throws Exception {
        CountDownLatch reached = new CountDownLatch(1);
        reply = exchange -> {
            reached.countDown();
            release.await();
        };
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        HttpTransport transport = transport(HttpClientConfig.DEFAULT);
        Thread task = new Thread(() -> {
            try {
                transport.post(BLOCK);
            } catch (IOException | InterruptedException e) {
                thrown.set(e);
            }
        });
        task.start();
        reached.await();
        task.interrupt();
        task.join();
        assertEquals(
                InterruptedException.class.getName(),
                String.valueOf(thrown.get()).replaceAll(":.*", ""));
    }

    private HttpTransport transport(HttpClientConfig http) {
        return transport(http, Duration.ofSeconds(30));
    }

    private HttpTransport transport(HttpClientConfig http, Duration timeout) {
        URI url = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/api/v1/write");
        return new HttpTransport(new RemoteWriteConfig(
                "test",
                url,
                Map.of("X-Scope-OrgID", Secret.of("team-a")),
                http,
                timeout,
                RemoteWriteConfig.Content.DEFAULT,
                RemoteWriteConfig.Queue.DEFAULT,
                RemoteWriteConfig.BackFill.DEFAULT,
                List.of()));
    }

    private static void answer(HttpExchange exchange, int status, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }
}
