package dev.weir.standalone.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weir.queryserver.token.Tokens;
import dev.weir.standalone.StartupException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Tokens of a query server, which takes orders from an administrator's token only. */
final class RemoteTokens implements TokenDesk {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String PATH = "/api/v1/tokens";

    private final QueryClient client;

    RemoteTokens(QueryClient client) {
        this.client = client;
    }

    @Override
    public Shown create(Tokens.Wish wish) throws InterruptedException {
        Map<String, String> form = new LinkedHashMap<>();
        form.put("project", wish.project());
        form.put("scope", wish.scope().text());
        form.put("description", wish.description());
        if (wish.validity() != null) {
            form.put("expires_seconds", Long.toString(wish.validity().toSeconds()));
        }
        return shown(data(client.post(PATH + "/create", form)));
    }

    @Override
    public List<Shown> list() throws InterruptedException {
        List<Shown> tokens = new ArrayList<>();
        data(client.get(PATH)).forEach(node -> tokens.add(shown(node)));
        return tokens;
    }

    @Override
    public void revoke(String id) throws InterruptedException {
        client.post(PATH + "/revoke", Map.of("id", id));
    }

    private static JsonNode data(String body) {
        try {
            return JSON.readTree(body).path("data");
        } catch (JsonProcessingException e) {
            throw new StartupException("tokens: the answer is no JSON (expected: that of a Weir query server)", e);
        }
    }

    private static Shown shown(JsonNode node) {
        Instant created = instant(node, "created");
        if (created == null) {
            throw new StartupException(
                    "tokens: the answer lacks a creation time (expected: that of a Weir query server)");
        }
        JsonNode secret = node.path("secret");
        return new Shown(
                node.path("id").asText(),
                node.path("project").asText(),
                node.path("scope").asText(),
                created,
                instant(node, "expires"),
                instant(node, "lastUsed"),
                node.path("description").asText(),
                secret.isTextual() ? secret.asText() : null);
    }

    private static @Nullable Instant instant(JsonNode node, String name) {
        JsonNode value = node.path(name);
        try {
            return value.isTextual() ? Instant.parse(value.asText()) : null;
        } catch (DateTimeException e) {
            throw new StartupException("tokens: " + name + ": \"" + value.asText() + "\" (expected: RFC 3339)", e);
        }
    }
}
