package dev.weir.queryserver.token;

import dev.weir.queryserver.http.Need;
import java.util.Locale;

/** What the bearer of a token may do. */
public enum TokenScope {
    /** Query its project. */
    READ,
    /** Write to its project. */
    WRITE,
    /** Everything, in every project. */
    ADMIN;

    /** @throws IllegalArgumentException if there is none of that name */
    public static TokenScope of(String name) {
        for (TokenScope scope : values()) {
            if (scope.text().equals(name)) {
                return scope;
            }
        }
        throw new IllegalArgumentException("scope: \"" + name + "\" (expected: read, write or admin)");
    }

    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    boolean allows(Need need) {
        return this == ADMIN || need.name().equals(name());
    }
}
