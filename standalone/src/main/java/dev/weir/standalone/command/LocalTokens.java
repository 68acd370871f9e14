package dev.weir.standalone.command;

import dev.weir.queryserver.token.Token;
import dev.weir.queryserver.token.Tokens;
import dev.weir.standalone.DataDir;
import dev.weir.standalone.StartupException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tokens of a data directory; a server that runs on it takes a change up within a second. */
final class LocalTokens implements TokenDesk {
    private final Path dataDir;
    private final Tokens tokens;

    LocalTokens(Path dataDir) {
        this.dataDir = dataDir;
        try {
            this.tokens = Tokens.open(DataDir.tokens(dataDir), InstantSource.system());
        } catch (IOException e) {
            throw failed(dataDir, e);
        }
    }

    @Override
    public Shown create(Tokens.Wish wish) {
        try {
            Tokens.Made made = tokens.create(wish);
            return shown(made.token(), null, made.secret());
        } catch (IllegalArgumentException e) {
            throw new BadInputException(String.valueOf(e.getMessage()), e);
        } catch (IOException e) {
            throw failed(dataDir, e);
        }
    }

    @Override
    public List<Shown> list() {
        try {
            return tokens.list().stream()
                    .map(listed -> shown(listed.token(), listed.lastUsed(), null))
                    .toList();
        } catch (IOException e) {
            throw failed(dataDir, e);
        }
    }

    @Override
    public void revoke(String id) {
        try {
            if (!tokens.revoke(id)) {
                throw new BadInputException("token: \"" + id + "\" (expected: the id of one that is listed)");
            }
        } catch (IOException e) {
            throw failed(dataDir, e);
        }
    }

    private static Shown shown(Token token, @Nullable Instant lastUsed, @Nullable String secret) {
        return new Shown(
                token.id(),
                token.project(),
                token.scope().text(),
                token.created(),
                token.expires(),
                lastUsed,
                token.description(),
                secret);
    }

    private static StartupException failed(Path dataDir, IOException e) {
        return new StartupException("data_dir " + dataDir + ": tokens: " + e.getMessage(), e);
    }
}
