package dev.weir.configuration.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * An answer on its way, all of which comes within a time and a size, or it is an error. The client's own timeout ends with
 * the headers, so a server that stops in the middle of a body would be waited for without end.
 */
public final class PendingAnswer {
    private final CompletableFuture<HttpResponse<byte[]>> answer;
    private final Duration within;
    private final long deadlineNs;

    private PendingAnswer(CompletableFuture<HttpResponse<byte[]>> answer, Duration within) {
        this.answer = answer;
        this.within = within;
        this.deadlineNs = System.nanoTime() + within.toNanos();
    }

    /**
     * Sends the request.
     *
     * @param within from now to the last byte of the body
     * @param maxBytes of the body
     */
    public static PendingAnswer to(HttpClient client, HttpRequest request, Duration within, int maxBytes) {
        return new PendingAnswer(client.sendAsync(request, info -> new LimitedBody(maxBytes)), within);
    }

    /** @throws IOException if it does not come, or not whole in time, or is too large; the message is never null */
    public HttpResponse<byte[]> await() throws IOException, InterruptedException {
        try {
            return answer.get(Math.max(0, deadlineNs - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw new HttpTimeoutException("no complete answer in " + within.toMillis() + " ms");
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            String message = cause.getMessage();
            throw new IOException(message == null ? cause.getClass().getSimpleName() : message, cause);
        } finally {
            // Of no effect on what has come.
            answer.cancel(true);
        }
    }

    private static final class LimitedBody implements HttpResponse.BodySubscriber<byte[]> {
        private final int maxBytes;
        private final ByteArrayOutputStream received = new ByteArrayOutputStream();
        private final CompletableFuture<byte[]> body = new CompletableFuture<>();
        private Flow.@Nullable Subscription subscription;

        LimitedBody(int maxBytes) {
            this.maxBytes = maxBytes;
        }

        @Override
        public CompletionStage<byte[]> getBody() {
            return body;
        }

        @Override
        public void onSubscribe(Flow.Subscription newSubscription) {
            subscription = newSubscription;
            newSubscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(List<ByteBuffer> buffers) {
            for (ByteBuffer buffer : buffers) {
                if (received.size() + (long) buffer.remaining() > maxBytes) {
                    if (subscription != null) {
                        subscription.cancel();
                    }
                    body.completeExceptionally(
                            new IOException("a body beyond " + maxBytes + " bytes (expected: at most so many)"));
                    return;
                }
                byte[] bytes = new byte[buffer.remaining()];
                buffer.get(bytes);
                received.writeBytes(bytes);
            }
        }

        @Override
        public void onError(Throwable failure) {
            body.completeExceptionally(failure);
        }

        @Override
        public void onComplete() {
            body.complete(received.toByteArray());
        }
    }
}
