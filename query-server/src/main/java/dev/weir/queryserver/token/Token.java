package dev.weir.queryserver.token;

import dev.weir.queryserver.http.Access;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is kept of a token, which is not its secret.
 *
 * @param id names it in lists, in logs and to revoke it
 * @param secretHash SHA-256 of the secret, in lower-case hexadecimal; a secret is random, so that no salt is needed
 * @param expires from when on it is worth nothing; null if never
 */
public record Token(
        String id,
        String project,
        TokenScope scope,
        String secretHash,
        Instant created,
        @Nullable Instant expires,
        String description) {
    public static final int MAX_DESCRIPTION_LENGTH = 256;

    public Token {
        if (!Access.isProject(project)) {
            throw new IllegalArgumentException("project: \"" + project + "\" (expected: 1 to "
                    + Access.MAX_PROJECT_LENGTH + " printable characters)");
        }
        boolean isPrintable = description.codePoints().allMatch(c -> c >= ' ' && c != 0x7f);
        if (!isPrintable || description.length() > MAX_DESCRIPTION_LENGTH) {
            throw new IllegalArgumentException("description of " + description.length()
                    + " characters (expected: at most " + MAX_DESCRIPTION_LENGTH + " printable ones)");
        }
    }

    boolean isExpired(Instant now) {
        return expires != null && !now.isBefore(expires);
    }

    /** Without the hash, which is of no use to anybody who reads it. */
    @Override
    public String toString() {
        return "token " + id + " (" + scope.text() + ", project " + project + ")";
    }
}
