package dev.weir.scaling;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * TorchServe's management API as its documents have it: a model is described by GET, its workers are set by PUT, and both want the
 * management key. Workers are there as soon as they are asked for, unless {@link #starting} says that some are not ready.
 */
final class FakeTorchServe implements AutoCloseable {
    static final String KEY = "management-key";
    private static final Pattern PARAMETERS = Pattern.compile("min_worker=(\\d+)&max_worker=(\\d+)");

    /** Every PUT, as method, path, query and body. */
    final List<String> puts = new CopyOnWriteArrayList<>();

    volatile int workers = 2;
    volatile int starting;
    private final HttpServer server;

    FakeTorchServe() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
        server.createContext("/models/resnet 18", this::answer);
        server.start();
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    private void answer(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        if (!("Bearer " + KEY).equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
            send(
                    exchange,
                    400,
                    "{\"code\": 400, \"type\": \"InvalidKeyException\", \"message\": \"Token Authorization failed\"}");
            return;
        }
        String query = String.valueOf(exchange.getRequestURI().getRawQuery());
        if (exchange.getRequestMethod().equals("PUT")) {
            puts.add("PUT " + exchange.getRequestURI().getRawPath() + "?" + query + " " + body);
            Matcher parameters = PARAMETERS.matcher(query);
            if (!parameters.matches()) {
                send(exchange, 400, "{\"message\": \"" + query + "\"}");
                return;
            }
            int least = Integer.parseInt(parameters.group(1));
            int most = Integer.parseInt(parameters.group(2));
            workers = workers < least ? least : Math.min(workers, most);
            send(exchange, 202, "{\"status\": \"Processing worker updates...\"}");
            return;
        }
        String described = IntStream.range(0, workers)
                .mapToObj(i -> "{\"id\": \"90" + i + "\", \"status\": \""
                        + (i < workers - starting ? "READY" : "UNLOADING") + "\"}")
                .collect(Collectors.joining(",", "[", "]"));
        send(
                exchange,
                200,
                "[{\"modelName\": \"resnet 18\", \"minWorkers\": " + workers + ", \"maxWorkers\": " + workers
                        + ", \"workers\": " + described + "}]");
    }

    static void send(HttpExchange exchange, int status, String json) throws IOException {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().putAll(Map.of("Content-Type", List.of("application/json")));
        exchange.sendResponseHeaders(status, bytes.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(bytes);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
