package dev.weir.queryserver.http;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/** Answers in plain text to what is no request, before any route has seen it: status and one line. */
public final class ErrorReplies extends ErrorHandler {
    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        Object message = request.getAttribute(ERROR_MESSAGE);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, Reply.TEXT);
        response.write(true, text(message == null ? null : message.toString(), response.getStatus()), callback);
        return true;
    }

    private static ByteBuffer text(@Nullable String reason, int status) {
        return ByteBuffer.wrap(
                (status + " " + (reason == null ? "error" : reason) + "\n").getBytes(StandardCharsets.UTF_8));
    }
}
