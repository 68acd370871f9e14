package dev.weir.queryserver;

import static dev.weir.queryserver.RunningServer.encode;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.queryserver.api.QueryLimits;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What happens to queries whose clients do not wait for them. */
@SuppressWarnings("NullAway.Init")
@Timeout(100)
class AbandonedQueryTest {
    private static final int MAX_WAITING_QUERIES = 50;

    /** Would run for minutes, until its time is over. */
    private static final String ENDLESS =
            "/api/v1/query_range?start=0&end=11000&step=1&query=" + encode("quantile_over_time(0.5,vector(1)[11d:1s])");

    @TempDir
    Path directory;

    @Test
    void queryIsCanceledWhenItsClientDisconnects() throws IOException {
        try (RunningServer server = RunningServer.start(directory)) {
            try (Socket client = send(server, ENDLESS)) {
                awaitMetric(server, "weir_query_server_queries_running 1");
                assertTrue(client.isConnected());
            }
            awaitMetric(server, "weir_query_server_requests_total{route=\"query_range\",code=\"499\"} 1");
            awaitMetric(server, "weir_query_server_queries_running 0");
        }
    }

    @Test
    void queriesWaitInAQueueOfLimitedLengthAndLeaveItWithTheirClients() throws IOException {
        QueryLimits one =
                new QueryLimits(Duration.ofMinutes(2), 1, 50_000_000, 1_000_000, 11_000, Duration.ofMinutes(5));
        try (RunningServer server =
                RunningServer.start(RunningServer.options(directory).withQueryLimits(one))) {
            List<Socket> clients = new ArrayList<>();
            for (int i = 0; i <= MAX_WAITING_QUERIES; i++) {
                clients.add(send(server, ENDLESS));
            }
            awaitMetric(server, "weir_query_server_queries_waiting " + MAX_WAITING_QUERIES);
            HttpResponse<String> tooMany = server.get("/api/v1/query?query=1");
            assertEquals(503, tooMany.statusCode());
            assertEquals(
                    "{\"status\":\"error\",\"errorType\":\"timeout\",\"error\":\"query queue is full (expected: at most"
                            + " maxConcurrentQueries = 1 that run and maxWaitingQueries = 50 that wait)\"}",
                    tooMany.body());
            for (Socket client : clients) {
                client.close();
            }
            awaitMetric(
                    server,
                    "weir_query_server_requests_total{route=\"query_range\",code=\"499\"} "
                            + (MAX_WAITING_QUERIES + 1));
            assertEquals(200, server.get("/api/v1/query?query=1").statusCode());
        }
    }

    @Test
    void nextRequestOnTheConnectionMayComeWhileAQueryRuns() throws IOException {
        try (RunningServer server = RunningServer.start(directory)) {
            String slow = "/api/v1/query_range?start=0&end=1000&step=1&query="
                    + encode("quantile_over_time(0.5,vector(1)[1d:1s])");
            try (Socket client = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
                String both = request(slow, "") + request("/-/ready", "Connection: close\r\n");
                client.getOutputStream().write(both.getBytes(StandardCharsets.US_ASCII));
                String answers = readAll(client.getInputStream());
                assertTrue(answers.startsWith("HTTP/1.1 200 OK"), answers);
                assertTrue(answers.contains("\"values\":[[0,\"1\"],[1,\"1\"]"), answers);
                assertTrue(answers.endsWith("Weir is Ready.\n"), answers);
            }
        }
    }

    private static Socket send(RunningServer server, String path) throws IOException {
        Socket client = new Socket(InetAddress.getLoopbackAddress(), server.port());
        client.getOutputStream().write(request(path, "").getBytes(StandardCharsets.US_ASCII));
        return client;
    }

    private static String request(String path, String headers) {
        return "GET " + path + " HTTP/1.1\r\nHost: x\r\n" + headers + "\r\n";
    }

    private static String readAll(InputStream in) throws IOException {
        return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }

    /** Asks again and again; the test's time limit ends it. */
    private static void awaitMetric(RunningServer server, String line) {
        while (!server.get("/metrics").body().contains("\n" + line + "\n")) {
            Thread.onSpinWait();
        }
    }
}
