package dev.weir.queryserver;

import com.google.protobuf.ByteString;
import dev.weir.schemas.remotewrite.Label;
import dev.weir.schemas.remotewrite.Sample;
import dev.weir.schemas.remotewrite.TimeSeries;
import dev.weir.schemas.remotewrite.WriteRequest;
import dev.weir.series.Labels;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import org.xerial.snappy.Snappy;

/** A server on a free port of loopback whose clock stands at {@link #NOW}, and what talks to it. */
final class RunningServer implements AutoCloseable {
    static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    static final long NOW_MS = NOW.toEpochMilli();
    static final long NOW_S = NOW.getEpochSecond();

    private final QueryServer server;
    private final HttpClient client = HttpClient.newHttpClient();

    private RunningServer(QueryServer server) {
        this.server = server;
    }

    static QueryServerOptions options(Path directory) {
        return QueryServerOptions.of(directory).withListen("127.0.0.1", 0).withClock(InstantSource.fixed(NOW));
    }

    static RunningServer start(Path directory) throws IOException {
        return start(options(directory));
    }

    static RunningServer start(QueryServerOptions options) throws IOException {
        return new RunningServer(QueryServer.start(options));
    }

    int port() {
        return server.address().getPort();
    }

    /** @param headers names and values in turn */
    HttpResponse<String> get(String pathAndQuery, String... headers) {
        return send(request(pathAndQuery, headers).GET());
    }

    HttpResponse<String> postForm(String path, String form, String... headers) {
        return send(request(path, headers)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(form)));
    }

    HttpResponse<String> send(String method, String path) {
        return send(request(path).method(method, HttpRequest.BodyPublishers.noBody()));
    }

    HttpResponse<String> write(WriteRequest request, String... headers) {
        try {
            return post("/api/v1/write", Snappy.compress(request.toByteArray()), headers);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    HttpResponse<String> post(String path, byte[] body, String... headers) {
        return send(request(path, headers).POST(HttpRequest.BodyPublishers.ofByteArray(body)));
    }

    HttpResponse<String> send(HostileGenerator.Hostile hostile, String authorization) {
        HttpRequest.Builder request = request(hostile.pathAndQuery(), "Authorization", authorization);
        for (int i = 0; i < hostile.headers().size(); i += 2) {
            request.header(hostile.headers().get(i), hostile.headers().get(i + 1));
        }
        if (hostile.method().equals("POST")) {
            request.header("Content-Type", "application/x-www-form-urlencoded");
        }
        return send(request.method(hostile.method(), HttpRequest.BodyPublishers.ofString(hostile.form())));
    }

    HttpResponse<byte[]> getBytes(String pathAndQuery, String... headers) {
        try {
            return client.send(request(pathAndQuery, headers).GET().build(), HttpResponse.BodyHandlers.ofByteArray());
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** One request of one sample for each series. */
    static WriteRequest samples(long timestampMs, double value, Labels... series) {
        WriteRequest.Builder request = WriteRequest.newBuilder();
        for (Labels labels : series) {
            request.addTimeseries(series(labels).addSamples(sample(timestampMs, value)));
        }
        return request.build();
    }

    static TimeSeries.Builder series(Labels labels) {
        TimeSeries.Builder series = TimeSeries.newBuilder();
        labels.forEach((name, value) -> series.addLabels(label(name, value)));
        return series;
    }

    static Sample sample(long timestampMs, double value) {
        return Sample.newBuilder().setTimestamp(timestampMs).setValue(value).build();
    }

    static Label label(String name, String value) {
        return Label.newBuilder()
                .setNameBytes(ByteString.copyFromUtf8(name))
                .setValueBytes(ByteString.copyFromUtf8(value))
                .build();
    }

    static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        server.close();
    }

    private HttpRequest.Builder request(String pathAndQuery, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + pathAndQuery));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return request;
    }

    private HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
