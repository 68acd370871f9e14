package dev.weir.ingest.discovery;

import dev.weir.configuration.ConfigurationException;
import dev.weir.configuration.HttpSdConfig;
import dev.weir.configuration.StaticConfig;
import dev.weir.configuration.TargetFile;
import dev.weir.configuration.http.HttpClients;
import dev.weir.configuration.http.PendingAnswer;
import dev.weir.ingest.http.UserAgent;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The targets that one URL lists. While it does not answer, or with something else, the targets stay as they were, as in
 * Prometheus, and that is a problem at each look.
 */
final class TargetPage {
    /** Of a whole answer; a page of 100,000 targets has some 20 MB. */
    static final int MAX_PAGE_BYTES = 64 << 20;

    /** For a whole answer. */
    static final Duration TIMEOUT = Duration.ofSeconds(10);

    private static final String JSON = "application/json";

    private final HttpSdConfig config;
    private final HttpClients clients;
    private final InstantSource clock;
    private final Duration timeout;
    private @Nullable Instant asked;
    private @Nullable PendingAnswer pending;
    private @Nullable String problem;
    private List<StaticConfig> groups = List.of();

    TargetPage(HttpSdConfig config, HttpClients clients, InstantSource clock, Duration timeout) {
        this.config = config;
        this.clients = clients;
        this.clock = clock;
        this.timeout = timeout;
    }

    String url() {
        return config.url();
    }

    /** Asks the page anew if its interval has passed; {@link #read} waits for the answer. */
    void ask() {
        Instant now = clock.instant();
        if (asked != null && now.isBefore(asked.plus(config.refreshInterval()))) {
            return;
        }
        asked = now;
        try {
            pending = PendingAnswer.to(clients.client(config.http().tls()), request(), timeout, MAX_PAGE_BYTES);
        } catch (IOException e) {
            problem = config.url() + ": " + e.getMessage();
        }
    }

    /** The groups that the page lists. */
    List<StaticConfig> read(Consumer<String> problems) {
        PendingAnswer answer = pending;
        if (answer != null) {
            pending = null;
            try {
                groups = groups(answer.await());
                problem = null;
            } catch (IOException e) {
                problem = config.url() + ": " + e.getMessage();
            } catch (ConfigurationException e) {
                problem = e.getMessage();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                problem = config.url() + ": interrupted";
            }
        }
        if (problem != null) {
            problems.accept(problem);
        }
        return groups;
    }

    private HttpRequest request() throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(config.url()))
                .header("Accept", JSON)
                .header("User-Agent", UserAgent.VALUE)
                .header(
                        "X-Prometheus-Refresh-Interval-Seconds",
                        Long.toString(config.refreshInterval().toSeconds()));
        String authorization = config.http().authorizationHeader();
        if (authorization != null) {
            request.header("Authorization", authorization);
        }
        return request.build();
    }

    private List<StaticConfig> groups(HttpResponse<byte[]> answer) throws IOException {
        if (answer.statusCode() != 200) {
            throw new IOException("status " + answer.statusCode() + " (expected: 200)");
        }
        String type = answer.headers().firstValue("Content-Type").orElse("");
        if (!type.toLowerCase(Locale.ROOT).startsWith(JSON)) {
            throw new IOException("content type \"" + type + "\" (expected: " + JSON + ")");
        }
        return TargetFile.parseJson(new String(answer.body(), StandardCharsets.UTF_8), config.url());
    }
}
