package dev.weir.scaling;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** A PromQL API that answers each query with what the test says, and what it was not told with no series. */
final class FakeQueryServer implements AutoCloseable {
    /** The result of each query, as JSON. */
    final Map<String, String> results = new ConcurrentHashMap<>();

    volatile boolean isDown;
    volatile String authorization = "";
    private final HttpServer server;

    FakeQueryServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
        server.createContext("/api/v1/query", this::answer);
        server.start();
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    void answer(String query, double value) {
        results.put(query, "[{\"metric\": {}, \"value\": [0, \"" + value + "\"]}]");
    }

    private void answer(HttpExchange exchange) throws IOException {
        String form = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        authorization = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
        String query = URLDecoder.decode(form.substring("query=".length(), form.indexOf('&')), StandardCharsets.UTF_8);
        if (isDown) {
            FakeTorchServe.send(exchange, 503, "{\"status\": \"error\", \"error\": \"starting\"}");
            return;
        }
        FakeTorchServe.send(
                exchange,
                200,
                "{\"status\": \"success\", \"data\": {\"resultType\": \"vector\", \"result\": "
                        + results.getOrDefault(query, "[]") + "}}");
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
