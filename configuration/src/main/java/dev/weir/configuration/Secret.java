package dev.weir.configuration;

import java.io.IOException;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A value that is never printed: given in place (perhaps out of the environment), or the content of a file, which is read
 * anew at each use so that rotated credentials take effect.
 */
public final class Secret implements Serializable {
    private static final long serialVersionUID = 1;

    /** A credentials file larger than this is not one. */
    public static final long MAX_FILE_BYTES = 1 << 20;

    private final @Nullable String value;
    private final @Nullable String file;

    private Secret(@Nullable String value, @Nullable String file) {
        this.value = value;
        this.file = file;
    }

    public static Secret of(String value) {
        return new Secret(value, null);
    }

    public static Secret inFile(String file) {
        return new Secret(null, file);
    }

    /** The file that holds the value, or null if the value was given in place. */
    public @Nullable String file() {
        return file;
    }

    /**
     * The value; a file's is stripped of white space around it.
     *
     * @throws IOException if the file cannot be read; the message names it
     */
    public String reveal() throws IOException {
        if (value != null) {
            return value;
        }
        if (file == null) {
            throw new IllegalStateException("a secret without value and file");
        }
        Path path = Path.of(file);
        long sizeBytes = Files.size(path);
        if (sizeBytes > MAX_FILE_BYTES) {
            throw new IOException(
                    file + ": " + sizeBytes + " bytes (expected: a secret of at most " + MAX_FILE_BYTES + ")");
        }
        return Files.readString(path, StandardCharsets.UTF_8).strip();
    }

    /** Says where the secret is from, never what it is. */
    @Override
    public String toString() {
        return file == null ? "<secret>" : "<secret in " + file + ">";
    }
}
