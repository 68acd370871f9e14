package dev.weir.delivery;

import dev.weir.configuration.RemoteWriteConfig;
import dev.weir.configuration.Secret;
import dev.weir.configuration.TlsConfig;
import dev.weir.configuration.tls.TlsContext;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Posts over HTTP/1.1 with the headers of remote write 1.0. Credentials in files are read anew for each request, and
 * certificates when their file has changed, so that rotated ones take effect and a missing one is a failed try.
 */
final class HttpTransport implements Transport {
    private final RemoteWriteConfig receiver;
    private @Nullable HttpClient client;
    private String tlsFiles = "";

    HttpTransport(RemoteWriteConfig receiver) {
        this.receiver = receiver;
    }

    @Override
    public Answer post(byte[] snappyBlock) throws IOException, InterruptedException {
        CompletableFuture<HttpResponse<String>> sent =
                client().sendAsync(request(snappyBlock), info -> new BoundedText());
        try {
            HttpResponse<String> response = sent.get(receiver.remoteTimeout().toMillis(), TimeUnit.MILLISECONDS);
            return new Answer(
                    response.statusCode(),
                    response.body(),
                    response.headers().firstValue("Retry-After").orElse(null));
        } catch (TimeoutException e) {
            throw new HttpTimeoutException(
                    "no answer from " + receiver.url() + " within remote_timeout " + receiver.remoteTimeout());
        } catch (ExecutionException e) {
            throw new IOException(receiver.url() + ": " + describe(e.getCause()), e.getCause());
        } finally {
            sent.cancel(true);
        }
    }

    private HttpClient client() throws IOException {
        TlsConfig tls = receiver.http().tls();
        String files = TlsContext.stateOfFiles(tls);
        HttpClient current = client;
        if (current == null || !files.equals(tlsFiles)) {
            current = HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(receiver.remoteTimeout())
                    // A redirected POST may become a GET, and its 200 would be taken for a delivery.
                    .followRedirects(HttpClient.Redirect.NEVER)
                    .sslContext(TlsContext.of(tls))
                    .build();
            client = current;
            tlsFiles = files;
        }
        return current;
    }

    private HttpRequest request(byte[] snappyBlock) throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(receiver.url())
                .POST(HttpRequest.BodyPublishers.ofByteArray(snappyBlock))
                .setHeader("Content-Type", "application/x-protobuf")
                .setHeader("Content-Encoding", "snappy")
                .setHeader("X-Prometheus-Remote-Write-Version", "0.1.0")
                .setHeader("User-Agent", "weir-delivery/0.1");
        for (Map.Entry<String, Secret> header : receiver.headers().entrySet()) {
            request.setHeader(header.getKey(), header.getValue().reveal());
        }
        String authorization = receiver.http().authorizationHeader();
        if (authorization != null) {
            request.setHeader("Authorization", authorization);
        }
        return request.build();
    }

    /** The JDK's connection errors often carry no message at all. */
    private static String describe(@Nullable Throwable cause) {
        if (cause == null) {
            return "no answer";
        }
        String message = cause.getMessage();
        return message == null || message.isBlank() ? cause.getClass().getSimpleName() : message;
    }
}
