package dev.weir.queryserver.http;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.zip.GZIPOutputStream;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** One request and the answer to it, which is sent exactly once. */
final class Exchange {
    /** A body up to this size is sent at once with its length, a longer one in pieces as it is made. */
    private static final int BUFFER_BYTES = 64 * 1024;

    private static final int GZIP_BUFFER_BYTES = 8 * 1024;

    private final Request request;
    private final Response response;
    private final Callback callback;
    private final CrossOrigin crossOrigin;
    private final ApiHandler.RequestObserver observer;
    private String route = "none";

    Exchange(
            Request request,
            Response response,
            Callback callback,
            CrossOrigin crossOrigin,
            ApiHandler.RequestObserver observer) {
        this.request = request;
        this.response = response;
        // The connection is idle before it looks for the next request.
        this.callback = Callback.from(() -> WatchedConnector.reached(request, Phase.IDLE), callback);
        this.crossOrigin = crossOrigin;
        this.observer = observer;
    }

    Request request() {
        return request;
    }

    void routeIs(String name) {
        route = name;
    }

    void send(Reply reply) {
        observer.answered(route, reply.status(), System.nanoTime() - request.getBeginNanoTime());
        WatchedConnector.reached(request, Phase.SENDING);
        response.setStatus(reply.status());
        HttpFields.Mutable headers = response.getHeaders();
        crossOrigin.addTo(headers, request.getHeaders());
        reply.headers().forEach(headers::put);
        if (reply.contentType().isEmpty()) {
            callback.succeeded();
            return;
        }
        headers.put(HttpHeader.CONTENT_TYPE, reply.contentType());
        headers.add(HttpHeader.VARY, "Accept-Encoding");
        boolean isGzip = acceptsGzip();
        if (isGzip) {
            headers.put(HttpHeader.CONTENT_ENCODING, "gzip");
        }
        BodyStream body = new BodyStream();
        try (OutputStream out = isGzip ? new GZIPOutputStream(body, GZIP_BUFFER_BYTES) : body) {
            reply.body().writeTo(out);
        } catch (IOException e) {
            fail(e);
            return;
        }
        body.finish();
    }

    void fail(Throwable failure) {
        callback.failed(failure);
    }

    private boolean acceptsGzip() {
        List<String> accepted = request.getHeaders().getCSV(HttpHeader.ACCEPT_ENCODING, false);
        for (String one : accepted) {
            String coding = one.toLowerCase(Locale.ROOT).replace(" ", "");
            if (coding.equals("gzip") || (coding.startsWith("gzip;q=") && !coding.matches("gzip;q=0(\\.0*)?"))) {
                return true;
            }
        }
        return false;
    }

    /** Collects until the buffer is full, then sends piece by piece. */
    private final class BodyStream extends OutputStream {
        private byte[] buffer = new byte[1024];
        private int size;

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            if (length > buffer.length - size) {
                buffer = Arrays.copyOf(buffer, Math.max(size + length, Math.min(2 * buffer.length, BUFFER_BYTES)));
            }
            System.arraycopy(bytes, offset, buffer, size, length);
            size += length;
            if (size >= BUFFER_BYTES) {
                Content.Sink.write(response, false, ByteBuffer.wrap(buffer, 0, size));
                size = 0;
            }
        }

        void finish() {
            response.write(true, ByteBuffer.wrap(buffer, 0, size), callback);
        }
    }
}
