package dev.weir.queryserver.page;

import dev.weir.queryserver.http.Call;
import dev.weir.queryserver.http.Endpoint;
import dev.weir.queryserver.http.Reply;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One file, which browsers keep and ask about before each use, so that a new server's page is never mixed with an old one's.
 * Nothing that it loads, runs, asks or shows comes from elsewhere, and no other page may frame it.
 */
final class StaticFile implements Endpoint {
    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "js", "text/javascript; charset=utf-8",
            "svg", "image/svg+xml");

    private static final String POLICY = String.join(
            "; ",
            List.of(
                    "default-src 'none'",
                    "script-src 'self'",
                    "style-src 'self'",
                    "img-src 'self'",
                    "connect-src 'self'",
                    "base-uri 'none'",
                    "form-action 'none'",
                    "frame-ancestors 'none'",
                    "require-trusted-types-for 'script'",
                    "trusted-types 'none'"));

    private final byte[] content;
    private final String contentType;
    private final String tag;
    private final Map<String, String> headers;

    private StaticFile(byte[] content, String contentType) {
        this.content = content;
        this.contentType = contentType;
        // Weak, since the same file is sent compressed and not.
        this.tag = "W/\"" + hash(content) + "\"";
        Map<String, String> all = new LinkedHashMap<>();
        all.put("ETag", tag);
        all.put("Cache-Control", "no-cache");
        all.put("Content-Security-Policy", POLICY);
        all.put("X-Content-Type-Options", "nosniff");
        all.put("X-Frame-Options", "DENY");
        all.put("Referrer-Policy", "no-referrer");
        all.put("Cross-Origin-Opener-Policy", "same-origin");
        all.put("Cross-Origin-Resource-Policy", "same-origin");
        this.headers = Map.copyOf(all);
    }

    static StaticFile of(String name, byte[] content) {
        String type = TYPES.get(name.substring(name.lastIndexOf('.') + 1));
        if (type == null) {
            throw new IllegalArgumentException(name + ": unknown type (expected: one of " + TYPES.keySet() + ")");
        }
        return new StaticFile(content, type);
    }

    @Override
    public Reply serve(Call call) {
        return isKnown(call.header("If-None-Match"))
                ? new Reply(304, "", headers, out -> {})
                : new Reply(200, contentType, headers, out -> out.write(content));
    }

    private boolean isKnown(String tags) {
        return List.of(tags.split(" *, *")).contains(tag);
    }

    private static String hash(byte[] content) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(content);
            return HexFormat.of().formatHex(digest, 0, 12);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }
}
