package dev.weir.configuration.http;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
@SuppressWarnings("NullAway.Init")
class PendingAnswerTest {
    private final HttpClient client = HttpClient.newHttpClient();
    private final CountDownLatch end = new CountDownLatch(1);
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/whole", exchange -> {
            exchange.sendResponseHeaders(200, 3);
            exchange.getResponseBody().write(new byte[] {1, 2, 3});
            exchange.close();
        });
        server.createContext("/half", exchange -> {
            exchange.sendResponseHeaders(200, 3);
            exchange.getResponseBody().write(1);
            exchange.getResponseBody().flush();
            try {
                end.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        server.start();
    }

    @AfterEach
    void stop() {
        end.countDown();
        server.stop(0);
    }

    @Test
    void aWholeAnswerIsGiven() throws Exception {
        assertArrayEquals(
                new byte[] {1, 2, 3},
                ask("/whole", Duration.ofSeconds(10), 3).await().body());
    }

    @Test
    void aBodyThatStopsIsWaitedForNoLonger() {
        HttpTimeoutException e = assertThrows(
                HttpTimeoutException.class,
                () -> ask("/half", Duration.ofMillis(50), 3).await());
        assertEquals("no complete answer in 50 ms", e.getMessage());
    }

    @Test
    void aBodyThatIsTooLargeIsAnError() {
        IOException e = assertThrows(
                IOException.class,
                () -> ask("/whole", Duration.ofSeconds(10), 2).await());
        assertEquals("a body beyond 2 bytes (expected: at most so many)", e.getMessage());
    }

    @Test
    void aRefusedConnectionSaysSo() {
        server.stop(0);
        IOException e = assertThrows(
                IOException.class,
                () -> ask("/whole", Duration.ofSeconds(10), 2).await());
        assertEquals("ConnectException", e.getMessage());
    }

    private PendingAnswer ask(String path, Duration within, int maxBytes) {
        return PendingAnswer.to(client, HttpRequest.newBuilder(uri(path)).build(), within, maxBytes);
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
    }
}
