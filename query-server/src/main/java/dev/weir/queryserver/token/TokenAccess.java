package dev.weir.queryserver.token;

import dev.weir.queryserver.http.Access;
import dev.weir.queryserver.http.ApiException;
import dev.weir.queryserver.http.ErrorType;
import dev.weir.queryserver.http.Need;
import dev.weir.queryserver.http.Scope;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.jspecify.annotations.Nullable;

/**
 * Grants what the token of a request allows, shown as bearer (RFC 6750) or as the password of basic authentication: 401 without a good one, 403 for what it does not allow. A
 * token reaches its own project, whatever path and header say; one of {@link TokenScope#ADMIN} reaches all, or the one
 * that path or header name.
 */
public final class TokenAccess implements Access {
    private static final String BEARER = "bearer ";
    private static final String BASIC = "basic ";
    private static final String CHALLENGE = "Bearer realm=\"weir\"";

    private final Tokens tokens;
    private final @Nullable String ownSecretHash;

    /** @param ownSecret of this process' other parts, which may do everything; null if there are none */
    public TokenAccess(Tokens tokens, @Nullable String ownSecret) {
        this.tokens = tokens;
        this.ownSecretHash = ownSecret == null ? null : Secrets.hash(ownSecret);
    }

    @Override
    public Scope scope(Need need, @Nullable String pathProject, HttpFields headers) throws ApiException {
        if (need == Need.NOTHING) {
            return Scope.ALL;
        }
        String hash = Secrets.hash(secret(headers));
        if (hash.equals(ownSecretHash)) {
            return Access.named(pathProject, headers);
        }
        Token token = tokens.use(hash);
        if (token == null) {
            throw ApiException.unauthorized(
                    CHALLENGE + ", error=\"invalid_token\"", "bearer token unknown, expired or revoked");
        }
        if (!token.scope().allows(need)) {
            throw new ApiException(
                    ErrorType.FORBIDDEN,
                    "token " + token.id() + " has scope " + token.scope().text() + " (expected: "
                            + need.name().toLowerCase(Locale.ROOT) + ")");
        }
        Scope named = Access.named(pathProject, headers);
        if (token.scope() == TokenScope.ADMIN) {
            return named;
        }
        if (named.project() != null && !named.project().equals(token.project())) {
            throw new ApiException(
                    ErrorType.FORBIDDEN,
                    "token " + token.id() + " is of another project (expected: a path and header that name \""
                            + token.project() + "\", or none)");
        }
        return new Scope(token.project());
    }

    /** That of {@code Bearer}, or the password of {@code Basic}, for clients that know no other way; a user says nothing. */
    private static String secret(HttpFields headers) throws ApiException {
        String header = headers.get(HttpHeader.AUTHORIZATION);
        String scheme = header == null ? "" : header.toLowerCase(Locale.ROOT);
        if (header != null && scheme.startsWith(BEARER)) {
            return header.substring(BEARER.length()).strip();
        }
        if (header != null && scheme.startsWith(BASIC)) {
            return password(header.substring(BASIC.length()).strip());
        }
        throw ApiException.unauthorized(CHALLENGE, "no bearer token (expected: Authorization: Bearer <token>)");
    }

    private static String password(String credentials) throws ApiException {
        try {
            String userAndPassword = new String(Base64.getDecoder().decode(credentials), StandardCharsets.UTF_8);
            return userAndPassword.substring(userAndPassword.indexOf(':') + 1);
        } catch (IllegalArgumentException e) {
            throw ApiException.unauthorized(
                    CHALLENGE, "Authorization: Basic with no base64 (expected: the token as password)");
        }
    }
}
