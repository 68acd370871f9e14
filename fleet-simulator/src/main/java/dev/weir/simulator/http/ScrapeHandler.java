package dev.weir.simulator.http;

import dev.weir.simulator.fleet.EngineKind;
import dev.weir.simulator.fleet.Fleet;
import dev.weir.simulator.metric.Exposition;
import dev.weir.simulator.metric.Snapshot;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Set;
import java.util.zip.GZIPOutputStream;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/** Answers {@code /metrics} of every pod as its engine does. */
final class ScrapeHandler {
    private final Fleet fleet;
    private final @Nullable String bearerToken;

    ScrapeHandler(Fleet fleet, @Nullable String bearerToken) {
        this.fleet = fleet;
        this.bearerToken = bearerToken;
    }

    void handle(int port, Request request, Response response, Callback callback) {
        Fleet.Scrape scrape = fleet.scrape(port);
        if (scrape == null) {
            // The process died with this connection open: it never answers.
            request.getConnectionMetaData().getConnection().getEndPoint().close();
            callback.failed(new IOException("no process at port " + port));
            return;
        }
        String path = request.getHttpURI().getPath();
        if (!path.equals("/metrics") && !path.equals("/metrics/")) {
            Response.writeError(request, response, callback, 404);
            return;
        }
        if (!request.getMethod().equals("GET") && !request.getMethod().equals("HEAD")) {
            Response.writeError(request, response, callback, 405);
            return;
        }
        if (scrape.kind() == EngineKind.GIE && !authorized(request)) {
            Response.writeError(request, response, callback, 401, "Unauthorized");
            return;
        }
        answer(scrape, request, response, callback);
    }

    private void answer(Fleet.Scrape scrape, Request request, Response response, Callback callback) {
        Exposition exposition = scrape.exposition(header(request, HttpHeader.ACCEPT));
        Snapshot snapshot = scrape.snapshot();
        Set<String> names = names(scrape.kind(), request);
        byte[] body = exposition.body(names.isEmpty() ? snapshot : snapshot.only(names));
        response.setStatus(200);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, exposition.contentType());
        boolean compresses = scrape.kind() != EngineKind.TORCHSERVE && scrape.kind() != EngineKind.WALLAROO;
        if (compresses && header(request, HttpHeader.ACCEPT_ENCODING).contains("gzip")) {
            body = gzip(body);
            response.getHeaders().put(HttpHeader.CONTENT_ENCODING, "gzip");
        }
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.length);
        if (request.getMethod().equals("HEAD")) {
            callback.succeeded();
            return;
        }
        String scraper = scraper(header(request, HttpHeader.USER_AGENT));
        // Noted before it is sent: whoever has the response may ask for the truth at once.
        Runnable takeBack = names.isEmpty() ? scrape.served(scraper) : () -> {};
        response.write(true, ByteBuffer.wrap(body), Callback.from(callback::succeeded, failure -> {
            takeBack.run();
            callback.failed(failure);
        }));
    }

    /** The {@code name[]} parameters, which TorchServe and Python's client filter by. */
    private static Set<String> names(EngineKind kind, Request request) {
        if (kind != EngineKind.TORCHSERVE && kind != EngineKind.VLLM) {
            return Set.of();
        }
        return Set.copyOf(Request.extractQueryParameters(request).getValuesOrEmpty("name[]"));
    }

    private boolean authorized(Request request) {
        return bearerToken == null || header(request, HttpHeader.AUTHORIZATION).equals("Bearer " + bearerToken);
    }

    /** The first product token of a User-Agent, without its version. */
    private static String scraper(String userAgent) {
        String product = userAgent.trim().split("[/ ]", 2)[0];
        return product.isEmpty() ? "unknown" : product;
    }

    private static String header(Request request, HttpHeader name) {
        String value = request.getHeaders().get(name);
        return value == null ? "" : value;
    }

    private static byte[] gzip(byte[] body) {
        ByteArrayOutputStream compressed = new ByteArrayOutputStream(body.length / 8);
        try (GZIPOutputStream out = new GZIPOutputStream(compressed)) {
            out.write(body);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return compressed.toByteArray();
    }
}
