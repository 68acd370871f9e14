package dev.weir.standalone.command;

import dev.weir.configuration.Secret;
import dev.weir.configuration.TlsConfig;
import dev.weir.configuration.tls.TlsContext;
import dev.weir.standalone.StartupException;
import dev.weir.standalone.terminal.Answer;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Asks the HTTP API of a Prometheus-compatible server. */
final class QueryClient {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration TIMEOUT = Duration.ofMinutes(3);

    private final URI base;
    private final @Nullable Secret token;
    private final HttpClient http;

    QueryClient(URI base, @Nullable Secret token) {
        this(base, token, null);
    }

    /** @param caFile PEM certificates to trust in place of the system's; null for the system's */
    QueryClient(URI base, @Nullable Secret token, @Nullable Path caFile) {
        if (base.getHost() == null || !("http".equals(base.getScheme()) || "https".equals(base.getScheme()))) {
            throw new BadInputException("--url " + base + " (expected: such as http://127.0.0.1:9095)");
        }
        this.base = base;
        this.token = token;
        HttpClient.Builder builder =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(CONNECT_TIMEOUT);
        if (caFile != null) {
            try {
                builder.sslContext(TlsContext.of(new TlsConfig(null, caFile.toString(), null, null, null, false)));
            } catch (NoSuchFileException e) {
                throw new BadInputException("--ca-file " + caFile + ": no such file (expected: PEM certificates)");
            } catch (IOException e) {
                throw new BadInputException("--ca-file " + e.getMessage());
            }
        }
        this.http = builder.build();
    }

    /** The token that {@code WEIR_TOKEN} holds; null if it is not set. */
    static @Nullable Secret tokenOfEnvironment() {
        String token = System.getenv("WEIR_TOKEN");
        return token == null || token.isBlank() ? null : Secret.of(token.strip());
    }

    /**
     * The answer to a query.
     *
     * @throws BadInputException if the server says that the query is bad
     * @throws StartupException if there is no usable answer
     */
    Answer ask(String path, Map<String, String> form) throws InterruptedException {
        return Answer.parse(post(path, form));
    }

    /** The body that a form POST below the server's base URL is answered with; throws as {@link #ask} does. */
    String post(String path, Map<String, String> form) throws InterruptedException {
        String body = form.entrySet().stream()
                .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        return send(request(path)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    /** The body below the server's base URL; throws as {@link #ask} does. */
    String get(String path) throws InterruptedException {
        return send(request(path).GET());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(base.toString().replaceAll("/+$", "") + path))
                .timeout(TIMEOUT);
    }

    private String send(HttpRequest.Builder request) throws InterruptedException {
        try {
            if (token != null) {
                request.header("Authorization", "Bearer " + token.reveal());
            }
            HttpResponse<String> response = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() / 100 != 2) {
                throw refused(response);
            }
            return response.body();
        } catch (ConnectException e) {
            throw new StartupException(
                    base + ": nobody answers (expected: a running ./weir demo or ./weir up, or another --url)", e);
        } catch (IOException e) {
            throw new StartupException(base + ": " + e, e);
        }
    }

    private RuntimeException refused(HttpResponse<String> response) {
        String said = Answer.errorOf(response.body());
        int status = response.statusCode();
        if ((status == 400 || status == 404 || status == 422) && said != null) {
            return new BadInputException(said);
        }
        String hint = switch (status) {
            case 401 -> "; a token may stand in $WEIR_TOKEN";
            case 404 ->
                " at " + response.uri().getPath()
                        + " (expected: --url with the base address of a query server; one without query.auth: tokens has no tokens)";
            default -> "";
        };
        return new StartupException(base + ": HTTP " + status + (said == null ? "" : ": " + said) + hint);
    }
}
