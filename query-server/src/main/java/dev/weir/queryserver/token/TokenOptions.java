package dev.weir.queryserver.token;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A server that asks for tokens.
 *
 * @param directory where they are kept
 * @param ownSecret of this process' other parts, which may do everything; null if there are none
 */
public record TokenOptions(Path directory, @Nullable String ownSecret) {
    @Override
    public String toString() {
        return "tokens in " + directory;
    }
}
