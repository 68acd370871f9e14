package dev.weir.queryserver;

import static dev.weir.queryserver.RunningServer.NOW_MS;
import static dev.weir.queryserver.RunningServer.samples;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.queryserver.http.ConnectionLimits;
import dev.weir.series.Labels;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Clients that hold a connection without getting on: each is cut off by a limit with a name, and hurts nobody else. */
@SuppressWarnings("NullAway.Init")
@Timeout(60)
class SlowClientsTest {
    private static final ConnectionLimits LIMITS = new ConnectionLimits(
            Duration.ofMillis(600), Duration.ofMillis(600), Duration.ofMillis(600), Duration.ofSeconds(30), 3000);

    @TempDir
    Path directory;

    private RunningServer server;

    @BeforeEach
    void start() throws IOException {
        server = RunningServer.start(
                RunningServer.options(directory).withWeb(WebOptions.DEFAULT.withConnectionLimits(LIMITS)));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void headersThatComeByteByByteAreCutOff() throws IOException {
        assertCutOff("maxHeaderTime", "GET /-/healthy HTTP/1.1\r\nHost: x\r\nX: " + "y".repeat(60_000));
    }

    @Test
    void bodiesThatComeByteByByteAreCutOff() throws IOException {
        assertCutOff(
                "maxBodyTime",
                "POST /api/v1/query HTTP/1.1\r\nHost: x\r\nContent-Length: 60000\r\n\r\n" + "y".repeat(50_000));
    }

    @Test
    void secondRequestsOfAConnectionAreCutOffToo() throws IOException {
        String first = "GET /-/healthy HTTP/1.1\r\nHost: x\r\n\r\n";
        assertCutOff("maxHeaderTime", first, "GET /-/healthy HTTP/1.1\r\nHost: x\r\nX: " + "y".repeat(60_000));
    }

    @Test
    void answersThatNobodyTakesAreCutOff() throws IOException {
        Labels[] many = new Labels[3000];
        for (int i = 0; i < many.length; i++) {
            many[i] = Labels.of("__name__", "a", "i", "x".repeat(3000) + i);
        }
        assertEquals(204, server.write(samples(NOW_MS, 1, many)).statusCode());
        try (Socket socket = connect()) {
            socket.setReceiveBufferSize(4096);
            send(socket, "GET /api/v1/query?query=a HTTP/1.1\r\nHost: x\r\n\r\n");
            awaitCutOff("maxSendTime");
        }
    }

    @Test
    void chunkedBodiesWithoutEndAreEndedAtTheirLimit() throws IOException {
        String chunk = "10000\r\n" + "x".repeat(1 << 16) + "\r\n";
        byte[] bytes = chunk.getBytes(StandardCharsets.US_ASCII);
        long sent = 0;
        try (Socket socket = connect()) {
            send(socket, "POST /api/v1/write HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
            OutputStream out = socket.getOutputStream();
            while (sent < 1L << 30) {
                out.write(bytes);
                sent += bytes.length;
            }
        } catch (SocketException e) {
            assertTrue(sent < 200L << 20, sent + " bytes were taken");
        }
        assertTrue(sent < 1L << 30, "a body of 1 GiB was taken");
    }

    @Test
    void idleConnectionsHurtNobody() throws IOException {
        List<Socket> idle = new ArrayList<>();
        try {
            for (int i = 0; i < 2000; i++) {
                idle.add(connect());
            }
            send(idle.get(0), "GET /-/healthy HTTP/1.1\r\nHost: x\r\n\r\n");
            assertEquals('H', idle.get(0).getInputStream().read());
            assertEquals(200, server.get("/-/healthy").statusCode());
            assertEquals(
                    204,
                    server.write(samples(NOW_MS, 1, Labels.of("__name__", "a"))).statusCode());
        } finally {
            for (Socket socket : idle) {
                socket.close();
            }
        }
    }

    private void assertCutOff(String limit, String... requests) throws IOException {
        try (Socket socket = connect()) {
            for (int i = 0; i < requests.length - 1; i++) {
                send(socket, requests[i]);
                InputStream in = socket.getInputStream();
                assertEquals('H', in.read());
                LockSupport.parkNanos(50_000_000);
                in.skipNBytes(in.available());
            }
            byte[] slow = requests[requests.length - 1].getBytes(StandardCharsets.US_ASCII);
            int sent = 0;
            try {
                // All of the head but its last line at once, if there is a body.
                int body = requests[requests.length - 1].indexOf("\r\n\r\n");
                sent = body < 0 ? 0 : body + 4;
                socket.getOutputStream().write(slow, 0, sent);
                while (sent < slow.length) {
                    socket.getOutputStream().write(slow, sent, 1);
                    sent++;
                    LockSupport.parkNanos(5_000_000);
                }
            } catch (SocketException e) {
                assertTrue(sent < slow.length);
            }
            assertTrue(sent < slow.length, "all " + sent + " bytes were taken");
        }
        awaitCutOff(limit);
    }

    private void awaitCutOff(String limit) {
        String metric = "weir_query_server_connections_cut_off_total{limit=\"" + limit + "\"} 1";
        while (!server.get("/metrics").body().contains(metric)) {
            LockSupport.parkNanos(20_000_000);
        }
    }

    private Socket connect() throws IOException {
        return new Socket(InetAddress.getLoopbackAddress(), server.port());
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }
}
