package dev.weir.e2e;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** Data beside the repository that tests read where it is; a test that needs it is skipped where it is absent. */
final class SharedFolder {
    private static final Path SHARED =
            Path.of(System.getProperty("weir.root")).resolve("../shared").normalize();

    private SharedFolder() {}

    static Path file(String name) {
        Path file = SHARED.resolve(name);
        Assumptions.assumeTrue(Files.exists(file), file + " is absent");
        return file;
    }
}
