package dev.weir.scaling;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weir.configuration.ScalingConfig.Model;
import dev.weir.configuration.Secret;
import dev.weir.configuration.TlsConfig;
import dev.weir.configuration.http.HttpClients;
import dev.weir.configuration.http.PendingAnswer;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * TorchServe's management API. It starts workers up to {@code min_worker} and stops those beyond {@code max_worker}, so both are
 * set to what is wanted. The parameters stand in the query, where TorchServe reads them, and in the body, where its document on
 * metrics shows them. The key is read anew for each request, since TorchServe replaces it when it expires.
 */
final class TorchServe implements ModelServer {
    /** Of a whole answer. */
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    /** Of the description of a model, some hundred bytes for each worker. */
    private static final int MAX_ANSWER_BYTES = 8 << 20;

    private static final int MAX_SHOWN_CHARS = 200;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClients clients;

    TorchServe(HttpClients clients) {
        this.clients = clients;
    }

    @Override
    public Workers workers(Model model) throws IOException, InterruptedException {
        String body = send(request(model, "").GET());
        try {
            JsonNode described = JSON.readTree(body).path(0);
            if (!described.path("workers").isArray()) {
                throw new IOException(
                        uri(model, "") + ": no workers in " + shown(body) + " (expected: the description of a model)");
            }
            int ready = 0;
            for (JsonNode worker : described.path("workers")) {
                ready += worker.path("status").asText().equals("READY") ? 1 : 0;
            }
            return new Workers(described.path("workers").size(), ready);
        } catch (JsonProcessingException e) {
            throw new IOException(uri(model, "") + ": " + shown(body) + " (expected: JSON)", e);
        }
    }

    @Override
    public void setWorkers(Model model, int workers) throws IOException, InterruptedException {
        String parameters = "min_worker=" + workers + "&max_worker=" + workers;
        send(request(model, "?" + parameters)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .PUT(HttpRequest.BodyPublishers.ofString(parameters)));
    }

    private String send(HttpRequest.Builder builder) throws IOException, InterruptedException {
        HttpRequest request = builder.build();
        String what = request.method() + " " + request.uri();
        HttpResponse<byte[]> response;
        try {
            response = PendingAnswer.to(clients.client(TlsConfig.DEFAULT), request, TIMEOUT, MAX_ANSWER_BYTES)
                    .await();
        } catch (IOException e) {
            throw new IOException(what + ": " + e.getMessage(), e);
        }
        String body = new String(response.body(), StandardCharsets.UTF_8);
        if (response.statusCode() / 100 != 2) {
            throw new IOException(what + ": HTTP " + response.statusCode() + ": " + shown(body));
        }
        return body;
    }

    private static HttpRequest.Builder request(Model model, String query) throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(model, query));
        Secret key = model.key();
        if (key != null) {
            request.header("Authorization", "Bearer " + managementKey(key));
        }
        return request;
    }

    private static URI uri(Model model, String query) {
        String version = model.version() == null ? "" : "/" + encoded(model.version());
        return URI.create(model.managementUrl().toString().replaceAll("/+$", "") + "/models/" + encoded(model.name())
                + version + query);
    }

    private static String encoded(String segment) {
        return URLEncoder.encode(segment, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** The secret itself, or what TorchServe's {@code key_file.json} says of the management API. */
    private static String managementKey(Secret key) throws IOException {
        String text = key.reveal();
        if (!text.startsWith("{")) {
            return text;
        }
        try {
            String ofManagement =
                    JSON.readTree(text).path("management").path("key").asText("");
            if (!ofManagement.isEmpty()) {
                return ofManagement;
            }
        } catch (JsonProcessingException e) {
            // The message would show the keys.
            throw new IOException(
                    "key_file " + key.file() + ": no JSON (expected: TorchServe's key_file.json, or a key)");
        }
        throw new IOException(
                "key_file " + key.file() + ": no management.key in it (expected: TorchServe's key_file.json)");
    }

    private static String shown(String text) {
        String line = text.strip().replaceAll("\\s+", " ");
        return line.length() <= MAX_SHOWN_CHARS ? line : line.substring(0, MAX_SHOWN_CHARS) + "...";
    }
}
