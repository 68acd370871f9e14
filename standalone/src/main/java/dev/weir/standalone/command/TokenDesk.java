package dev.weir.standalone.command;

import dev.weir.queryserver.token.Tokens;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where tokens are made and revoked: in a data directory of this machine, or at a server. */
interface TokenDesk {
    /**
     * A token as its owner sees it.
     *
     * @param secret told when it is made, and never again
     */
    record Shown(
            String id,
            String project,
            String scope,
            Instant created,
            @Nullable Instant expires,
            @Nullable Instant lastUsed,
            String description,
            @Nullable String secret) {}

    /** @throws BadInputException if there can be no such token */
    Shown create(Tokens.Wish wish) throws InterruptedException;

    List<Shown> list() throws InterruptedException;

    /** @throws BadInputException if there is none of this id */
    void revoke(String id) throws InterruptedException;
}
