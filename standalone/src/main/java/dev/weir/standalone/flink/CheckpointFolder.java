package dev.weir.standalone.flink;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.flink.runtime.checkpoint.Checkpoints;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The checkpoints of one job over all its runs: {@code <job>/<run>/chk-<n>/_metadata}. Each run has a folder of its own,
 * which Flink names; n goes on counting from run to run, so the highest is the newest.
 */
public final class CheckpointFolder {
    private static final Logger LOG = LoggerFactory.getLogger(CheckpointFolder.class);
    private static final String PREFIX = "chk-";

    private final Path folder;

    public CheckpointFolder(Path folder) {
        this.folder = folder;
    }

    /** One checkpoint that is complete. */
    private record Complete(Path path, long id, long modifiedMs) {}

    Path path() {
        return folder;
    }

    /** The newest checkpoint that is complete and can be read; unreadable ones are passed over with a warning. */
    public Optional<Path> newest() {
        for (Complete checkpoint : complete()) {
            Path metadata = checkpoint.path().resolve("_metadata");
            try (DataInputStream in = new DataInputStream(Files.newInputStream(metadata))) {
                Checkpoints.loadCheckpointMetadata(in, CheckpointFolder.class.getClassLoader(), metadata.toString());
                return Optional.of(checkpoint.path());
            } catch (IOException | RuntimeException e) {
                LOG.warn("checkpoint {}: unreadable, taking an older one: {}", checkpoint.path(), e.toString());
            }
        }
        return Optional.empty();
    }

    /**
     * Deletes the folders of all runs but {@code run}, if that has a complete checkpoint of its own.
     *
     * @return whether it had
     */
    boolean forgetRunsBefore(String run) {
        Path present = folder.resolve(run);
        if (complete().stream().noneMatch(checkpoint -> checkpoint.path().startsWith(present))) {
            return false;
        }
        for (Path other : list(folder)) {
            if (!other.equals(present)) {
                delete(other);
            }
        }
        return true;
    }

    private List<Complete> complete() {
        List<Complete> found = new ArrayList<>();
        for (Path run : list(folder)) {
            for (Path checkpoint : list(run)) {
                String name = checkpoint.getFileName().toString();
                Path metadata = checkpoint.resolve("_metadata");
                if (name.matches(PREFIX + "[0-9]{1,18}") && Files.isRegularFile(metadata)) {
                    long id = Long.parseLong(name.substring(PREFIX.length()));
                    found.add(new Complete(checkpoint, id, metadata.toFile().lastModified()));
                }
            }
        }
        found.sort(Comparator.comparingLong(Complete::id)
                .thenComparingLong(Complete::modifiedMs)
                .reversed());
        return found;
    }

    private static List<Path> list(Path directory) {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.filter(Files::isDirectory).toList();
        } catch (NoSuchFileException e) {
            return List.of(); // A first start, or a checkpoint that Flink removed just now.
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list " + directory, e);
        }
    }

    private static void delete(Path directory) {
        try (Stream<Path> tree = Files.walk(directory)) {
            for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            LOG.warn("old checkpoints {}: cannot be deleted: {}", directory, e.toString());
        }
    }
}
