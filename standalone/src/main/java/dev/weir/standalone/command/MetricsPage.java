package dev.weir.standalone.command;

import dev.weir.standalone.StartupException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a {@code /metrics} page.
 *
 * @param contentType as the server sent it; null for files
 */
@SuppressWarnings("ArrayRecordComponent") // Read once, compared never.
record MetricsPage(byte[] body, @Nullable String contentType) {
    /** Larger pages are refused. */
    static final int MAX_BYTES = 64 << 20;

    /** Field 1, with a length. */
    private static final int NAME_TAG = 0x0a;

    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final byte[] END = "# EOF".getBytes(StandardCharsets.UTF_8);

    /**
     * The page at a URL, in a file, or on standard input ({@code -}).
     *
     * @param accept the formats to ask a URL for
     *
     * @throws BadInputException if there is no such file
     * @throws StartupException if it cannot be read
     */
    static MetricsPage read(String source, String accept) throws InterruptedException {
        try {
            if (source.startsWith("http://") || source.startsWith("https://")) {
                return fetch(URI.create(source), accept);
            }
            if (source.equals("-")) {
                return new MetricsPage(bounded(System.in, source), null);
            }
            try (InputStream in = Files.newInputStream(Path.of(source))) {
                return new MetricsPage(bounded(in, source), null);
            }
        } catch (NoSuchFileException e) {
            throw new BadInputException(source + ": no such file (expected: a URL or a file)", e);
        } catch (IllegalArgumentException e) {
            throw new BadInputException(source + ": " + e.getMessage() + " (expected: a URL or a file)", e);
        } catch (IOException e) {
            throw new StartupException(source + ": cannot be read: " + e, e);
        }
    }

    boolean endsLikeOpenMetrics() {
        int end = body.length;
        while (end > 0 && (body[end - 1] == '\n' || body[end - 1] == '\r')) {
            end--;
        }
        return end >= END.length && Arrays.equals(body, end - END.length, end, END, 0, END.length);
    }

    /** Whether a length stands first, and behind it a field 1 that holds a metric's name. */
    boolean startsLikeProtobuf() {
        int at = 0;
        while (at < body.length && body[at] < 0) {
            at++;
        }
        if (at + 3 >= body.length || body[at + 1] != NAME_TAG) {
            return false;
        }
        int first = body[at + 3];
        return body[at + 2] > 0 && (Character.isLetter(first) || first == '_' || first == ':');
    }

    private static MetricsPage fetch(URI url, String accept) throws IOException, InterruptedException {
        HttpClient client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(TIMEOUT)
                .followRedirects(HttpClient.Redirect.NORMAL)
                .build();
        HttpRequest request = HttpRequest.newBuilder(url)
                .timeout(TIMEOUT)
                .header("Accept", accept)
                .header("User-Agent", "weir-snapshot/0.1")
                .build();
        HttpResponse<InputStream> response = client.send(request, HttpResponse.BodyHandlers.ofInputStream());
        try (InputStream in = response.body()) {
            if (response.statusCode() != 200) {
                throw new IOException("HTTP " + response.statusCode() + " (expected: 200)");
            }
            return new MetricsPage(
                    bounded(in, url.toString()),
                    response.headers().firstValue("Content-Type").orElse("text/plain"));
        }
    }

    private static byte[] bounded(InputStream in, String source) throws IOException {
        byte[] bytes = in.readNBytes(MAX_BYTES + 1);
        if (bytes.length > MAX_BYTES) {
            throw new StartupException(
                    source + ": more than " + (MAX_BYTES >> 20) + " MiB (expected: a /metrics page within that)");
        }
        return bytes;
    }
}
