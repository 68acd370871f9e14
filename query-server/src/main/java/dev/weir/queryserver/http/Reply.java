package dev.weir.queryserver.http;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a request is answered with.
 *
 * @param headers further headers
 * @param body writes the body; called at most once
 */
public record Reply(int status, String contentType, Map<String, String> headers, BodyWriter body) {
    public static final String JSON = "application/json";
    public static final String TEXT = "text/plain; charset=utf-8";

    /** Writes a body as it is made, so that it need not be in memory whole. */
    @FunctionalInterface
    public interface BodyWriter {
        void writeTo(OutputStream out) throws IOException;
    }

    public static Reply text(int status, String text) {
        return new Reply(status, TEXT, Map.of(), out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
    }

    public static Reply empty(int status) {
        return new Reply(status, "", Map.of(), out -> {});
    }

    public Reply withHeader(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new Reply(status, contentType, more, body);
    }
}
