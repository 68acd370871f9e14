package dev.weir.scaling;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weir.configuration.ScalingConfig;
import dev.weir.configuration.ScalingConfig.Rule;
import dev.weir.configuration.http.HttpClients;
import dev.weir.configuration.http.PendingAnswer;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;

/**
 * Asks a PromQL API. A value counts only if everything up to a moment ago was heard and the rule's guard holds at the same
 * time: a rate over what nobody scraped is 0 and says nothing.
 */
final class QueryServerSource implements ObservationSource {
    /** Of a whole answer. */
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    /** One number is wanted; of an answer of thousands of series only their count is told. */
    private static final int MAX_ANSWER_BYTES = 8 << 20;

    private static final ObjectMapper JSON = new ObjectMapper();

    private final URI base;
    private final ScalingConfig config;
    private final HttpClients clients;

    /** @throws IOException if a file of the configuration's TLS cannot be used */
    QueryServerSource(URI base, ScalingConfig config, HttpClients clients) throws IOException {
        this.base = base;
        this.config = config;
        this.clients = clients;
        HttpClient unused = clients.client(config.http().tls());
    }

    @Override
    public Observation observe(Rule rule, long nowMs) throws InterruptedException {
        Observation heard = ask("freshness", config.freshness(), nowMs);
        if (heard.unknown() != null) {
            return heard;
        }
        double ageSeconds = nowMs / 1e3 - heard.value();
        if (!(ageSeconds <= config.maxAge().toMillis() / 1e3)) {
            return Observation.unknown(String.format(
                    Locale.ROOT,
                    "everything was heard only up to %.1f s ago (expected: at most max_age %d s)",
                    ageSeconds,
                    config.maxAge().toSeconds()));
        }
        Observation guard = ask("guard", rule.guard(), nowMs);
        if (guard.unknown() != null) {
            return guard;
        }
        return guard.value() == 0 || Double.isNaN(guard.value())
                ? Observation.unknown("guard gives " + guard.value() + " (expected: a number other than 0)")
                : ask("expr", rule.expr(), nowMs);
    }

    private Observation ask(String what, String query, long nowMs) throws InterruptedException {
        String form = "query=" + URLEncoder.encode(query, StandardCharsets.UTF_8) + "&time=" + nowMs / 1_000 + "."
                + String.format(Locale.ROOT, "%03d", nowMs % 1_000);
        try {
            HttpRequest.Builder request = HttpRequest.newBuilder(
                            URI.create(base.toString().replaceAll("/+$", "") + "/api/v1/query"))
                    .header("Content-Type", "application/x-www-form-urlencoded")
                    .POST(HttpRequest.BodyPublishers.ofString(form));
            String authorization = config.http().authorizationHeader();
            if (authorization != null) {
                request.header("Authorization", authorization);
            }
            HttpResponse<byte[]> response = PendingAnswer.to(
                            clients.client(config.http().tls()), request.build(), TIMEOUT, MAX_ANSWER_BYTES)
                    .await();
            String body = new String(response.body(), StandardCharsets.UTF_8);
            return response.statusCode() == 200
                    ? number(what, body)
                    : Observation.unknown(
                            what + ": HTTP " + response.statusCode() + " of " + base + ": " + error(body));
        } catch (IOException e) {
            return Observation.unknown(what + ": no answer of " + base + ": " + e.getMessage());
        }
    }

    private static Observation number(String what, String body) {
        try {
            JsonNode data = JSON.readTree(body).path("data");
            JsonNode result = data.path("result");
            String type = data.path("resultType").asText();
            if (type.equals("scalar")) {
                return number(what, result.path(1));
            }
            if (!type.equals("vector") || result.size() != 1 || !result.path(0).has("value")) {
                return Observation.unknown(what + " gives "
                        + (type.equals("vector") ? result.size() + " series" : "a " + type)
                        + " (expected: one number)");
            }
            return number(what, result.path(0).path("value").path(1));
        } catch (JsonProcessingException e) {
            return Observation.unknown(what + ": the answer is not JSON");
        }
    }

    private static Observation number(String what, JsonNode text) {
        try {
            return Observation.of(
                    switch (text.asText()) {
                        case "+Inf" -> Double.POSITIVE_INFINITY;
                        case "-Inf" -> Double.NEGATIVE_INFINITY;
                        default -> Double.parseDouble(text.asText());
                    });
        } catch (NumberFormatException e) {
            return Observation.unknown(what + " gives \"" + text.asText() + "\" (expected: a number)");
        }
    }

    private static String error(String body) {
        try {
            return JSON.readTree(body).path("error").asText("no reason");
        } catch (JsonProcessingException e) {
            return "no reason";
        }
    }
}
