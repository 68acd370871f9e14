package dev.weir.simulator.http;

import dev.weir.simulator.fleet.Churn;
import dev.weir.simulator.fleet.Fleet;
import dev.weir.simulator.fleet.Truth;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Fields;
import org.jspecify.annotations.Nullable;

/** The admin port: {@code GET /truth}, {@code GET /truth/rates}, {@code POST /control/...}. Errors are JSON with a message. */
final class AdminHandler {
    private final Fleet fleet;
    private final Truth truth;

    AdminHandler(Fleet fleet, Truth truth) {
        this.fleet = fleet;
        this.truth = truth;
    }

    void handle(Request request, Response response, Callback callback) {
        String path = request.getHttpURI().getPath();
        boolean control = path.startsWith("/control/");
        String method = control ? "POST" : "GET";
        if (!request.getMethod().equals(method)) {
            send(response, callback, 405, error("method: " + request.getMethod() + " (expected: " + method + ")"));
            return;
        }
        try {
            byte[] body = control ? control(path, request) : truth(path, request);
            if (body == null) {
                send(
                        response,
                        callback,
                        404,
                        error("path: " + path + " (expected: /truth, /truth/rates, /control/...)"));
            } else {
                send(response, callback, 200, body);
            }
        } catch (IllegalArgumentException e) {
            send(response, callback, 400, error(String.valueOf(e.getMessage())));
        }
    }

    private byte @Nullable [] truth(String path, Request request) {
        Fields query = Request.extractQueryParameters(request);
        return switch (path) {
            case "/truth" -> truth.totals(Boolean.parseBoolean(query.getValue("summary")));
            case "/truth/rates" -> {
                String at = query.getValue("at");
                yield truth.rates(
                        number("window", required(query, "window")), at == null ? null : (long) number("at", at));
            }
            default -> null;
        };
    }

    private byte @Nullable [] control(String path, Request request) {
        Fields query = Request.extractQueryParameters(request);
        switch (path) {
            case "/control/freeze" -> fleet.freeze();
            case "/control/resume" -> fleet.resume();
            case "/control/churn" -> fleet.churn(Churn.named(required(query, "mode")));
            case "/control/kill" -> fleet.kill(required(query, "pod"), !"false".equals(query.getValue("replace")));
            case "/control/restart" -> fleet.restart(required(query, "pod"));
            default -> {
                return null;
            }
        }
        return "{\"status\":\"success\"}\n".getBytes(StandardCharsets.UTF_8);
    }

    private static String required(Fields query, String name) {
        String value = query.getValue(name);
        if (value == null || value.isEmpty()) {
            throw new IllegalArgumentException(name + ": absent (expected: a query parameter)");
        }
        return value;
    }

    private static double number(String name, String value) {
        try {
            return Double.parseDouble(value);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: a number)", e);
        }
    }

    private static byte[] error(String message) {
        String escaped = message.replace("\\", "\\\\").replace("\"", "\\\"");
        return ("{\"status\":\"error\",\"error\":\"" + escaped + "\"}\n").getBytes(StandardCharsets.UTF_8);
    }

    private static void send(Response response, Callback callback, int status, byte[] body) {
        response.setStatus(status);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.length);
        response.write(true, ByteBuffer.wrap(body), callback);
    }
}
