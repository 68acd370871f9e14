package dev.weir.queryserver.token;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tokens of one directory. What another process changes there is seen within {@link #LOOK_EVERY}; should the file turn
 * unreadable, the tokens last read stay good, and the log says so. Thread-safe.
 */
public final class Tokens implements AutoCloseable {
    /** How old a revocation by another process may be before it takes effect. */
    static final Duration LOOK_EVERY = Duration.ofSeconds(1);

    private static final Logger LOG = LoggerFactory.getLogger(Tokens.class);

    private final TokenFile file;
    private final LastUses lastUses;
    private final InstantSource clock;
    private final AtomicBoolean isLooking = new AtomicBoolean();
    private volatile Known known;

    private record Known(TokenFile.Version version, Instant looked, Map<String, Token> byHash) {}

    private Tokens(TokenFile file, LastUses lastUses, InstantSource clock, Known known) {
        this.file = file;
        this.lastUses = lastUses;
        this.clock = clock;
        this.known = known;
    }

    /** @throws IOException naming the file if it cannot be read or understood */
    public static Tokens open(Path directory, InstantSource clock) throws IOException {
        TokenFile file = new TokenFile(directory);
        return new Tokens(file, LastUses.open(directory), clock, read(file, clock.instant()));
    }

    /**
     * A token to be made.
     *
     * @param validity how long it is good; null for ever
     */
    public record Wish(
            String project, TokenScope scope, @Nullable Duration validity, String description) {}

    /** A new token and its secret, which is told once and kept nowhere. */
    public record Made(Token token, String secret) {
        @Override
        public String toString() {
            return token.toString();
        }
    }

    /** A token and when it was last used; null if never, or longer ago than anybody noted. */
    public record Listed(Token token, @Nullable Instant lastUsed) {}

    /**
     * Makes a token and keeps it.
     *
     * @throws IllegalArgumentException if the wish is none, or there are {@link TokenFile#MAX_TOKENS} already
     */
    public Made create(Wish wish) throws IOException {
        Instant now = Instant.ofEpochSecond(clock.instant().getEpochSecond());
        String secret = Secrets.newSecret();
        Token token = new Token(
                Secrets.newId(),
                wish.project,
                wish.scope,
                Secrets.hash(secret),
                now,
                wish.validity == null ? null : now.plus(wish.validity),
                wish.description);
        file.change(tokens -> {
            if (tokens.size() >= TokenFile.MAX_TOKENS) {
                throw new IllegalArgumentException("tokens: " + tokens.size() + " (expected: fewer than MAX_TOKENS = "
                        + TokenFile.MAX_TOKENS + "; revoke some)");
            }
            List<Token> more = new ArrayList<>(tokens);
            more.add(token);
            return more;
        });
        look();
        return new Made(token, secret);
    }

    /** Ends a token's life; false if there is none of this id. */
    public boolean revoke(String id) throws IOException {
        boolean[] isFound = {false};
        file.change(tokens -> {
            List<Token> left =
                    tokens.stream().filter(token -> !token.id().equals(id)).toList();
            isFound[0] = left.size() < tokens.size();
            return left;
        });
        look();
        return isFound[0];
    }

    /** All tokens in the order of their making, expired ones too. */
    public List<Listed> list() throws IOException {
        Map<String, Instant> uses = lastUses.read();
        return file.read().stream()
                .map(token -> new Listed(token, uses.get(token.id())))
                .toList();
    }

    /** The token whose secret has this hash if it is good now, and notes its use; else null. */
    @Nullable
    Token use(String secretHash) {
        Instant now = clock.instant();
        if (Duration.between(known.looked, now).abs().compareTo(LOOK_EVERY) >= 0
                && isLooking.compareAndSet(false, true)) {
            try {
                look();
            } finally {
                isLooking.set(false);
            }
        }
        Token token = known.byHash.get(secretHash);
        if (token == null || token.isExpired(now)) {
            return null;
        }
        lastUses.note(token.id(), now);
        return token;
    }

    /** Notes the last uses. */
    @Override
    public void close() {
        lastUses.close();
    }

    private void look() {
        Instant now = clock.instant();
        try {
            TokenFile.Version version = file.version();
            known = version.equals(known.version) ? new Known(version, now, known.byHash) : read(file, now);
        } catch (IOException | UncheckedIOException e) {
            known = new Known(known.version, now, known.byHash);
            LOG.warn("Tokens cannot be read, those read before stay good: {}", e.getMessage());
        }
    }

    private static Known read(TokenFile file, Instant now) throws IOException {
        // In this order, so that a change in between is seen next time.
        TokenFile.Version version = file.version();
        Map<String, Token> byHash = new HashMap<>();
        file.read().forEach(token -> byHash.put(token.secretHash(), token));
        return new Known(version, now, byHash);
    }
}
