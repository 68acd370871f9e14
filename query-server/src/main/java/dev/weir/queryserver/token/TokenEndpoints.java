package dev.weir.queryserver.token;

import dev.weir.queryserver.http.Answer;
import dev.weir.queryserver.http.ApiException;
import dev.weir.queryserver.http.Call;
import dev.weir.queryserver.http.ErrorType;
import dev.weir.queryserver.http.JsonWriter;
import dev.weir.queryserver.http.Reply;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What lets an administrator make, list and revoke tokens from elsewhere. */
public final class TokenEndpoints {
    private final Tokens tokens;

    public TokenEndpoints(Tokens tokens) {
        this.tokens = tokens;
    }

    /** {@code project}, {@code scope} (read), {@code expires_seconds} (never), {@code description}: a token and its secret. */
    public Reply create(Call call) throws ApiException {
        try {
            String scope = call.params().get("scope");
            Tokens.Made made = tokens.create(new Tokens.Wish(
                    call.params().get("project"),
                    scope.isEmpty() ? TokenScope.READ : TokenScope.of(scope),
                    validity(call.params().get("expires_seconds")),
                    call.params().get("description")));
            return Answer.success(json -> {
                json.beginObject();
                writeFields(json, made.token(), null);
                json.name("secret").string(made.secret()).endObject();
            });
        } catch (IllegalArgumentException e) {
            throw new ApiException(ErrorType.BAD_DATA, String.valueOf(e.getMessage()));
        } catch (IOException e) {
            throw failed(e);
        }
    }

    public Reply list(Call call) throws ApiException {
        try {
            List<Tokens.Listed> listed = tokens.list();
            return Answer.success(json -> {
                json.beginArray();
                for (Tokens.Listed one : listed) {
                    json.beginObject();
                    writeFields(json, one.token(), one.lastUsed());
                    json.endObject();
                }
                json.endArray();
            });
        } catch (IOException e) {
            throw failed(e);
        }
    }

    /** {@code id}: the token that ends. */
    public Reply revoke(Call call) throws ApiException {
        String id = call.params().get("id");
        try {
            if (!tokens.revoke(id)) {
                throw new ApiException(
                        ErrorType.NOT_FOUND, "token: \"" + id + "\" (expected: the id of one that is listed)");
            }
            return Answer.success(json -> json.string("revoked"));
        } catch (IOException e) {
            throw failed(e);
        }
    }

    private static ApiException failed(IOException e) {
        return new ApiException(ErrorType.INTERNAL, "tokens: " + e.getMessage());
    }

    private static @Nullable Duration validity(String seconds) {
        if (seconds.isEmpty()) {
            return null;
        }
        if (!seconds.matches("[0-9]{1,10}") || seconds.matches("0+")) {
            throw new IllegalArgumentException("expires_seconds: \"" + seconds + "\" (expected: 1 to 9999999999)");
        }
        return Duration.ofSeconds(Long.parseLong(seconds));
    }

    private static void writeFields(JsonWriter json, Token token, @Nullable Instant lastUsed) throws IOException {
        json.name("id").string(token.id());
        json.name("project").string(token.project());
        json.name("scope").string(token.scope().text());
        json.name("created").string(token.created().toString());
        writeInstant(json, "expires", token.expires());
        writeInstant(json, "lastUsed", lastUsed);
        json.name("description").string(token.description());
    }

    private static void writeInstant(JsonWriter json, String name, @Nullable Instant instant) throws IOException {
        json.name(name);
        if (instant == null) {
            json.raw("null");
        } else {
            json.string(instant.toString());
        }
    }
}
